import { SESv2, type SendEmailCommandInput } from '@aws-sdk/client-sesv2';

const client = new SESv2({});

export const sendEmail = (input: SendEmailCommandInput) => client.sendEmail(input);
