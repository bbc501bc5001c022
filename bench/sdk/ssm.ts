import { type GetParameterCommandInput, SSM } from '@aws-sdk/client-ssm';

const client = new SSM({});

export const getParameter = (input: GetParameterCommandInput) => client.getParameter(input);
