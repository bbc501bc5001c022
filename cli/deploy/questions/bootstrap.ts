import { GetParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import { type Finding, stop } from '../finding.ts';
import { clientOf } from '../place.ts';
import type { Question } from '../question.ts';

/** Where the CDK's own stack says which version it is, and the earliest that the CDK deploys with. */
const PARAMETER = '/cdk-bootstrap/hnb659fds/version';
const EARLIEST_VERSION = 6;

/** Whether `cdk bootstrap` has been run here. */
export const bootstrap: Question = {
  what: 'if the region is bootstrapped',
  right: `ssm:GetParameter on ${PARAMETER}`,
  ask: async (place) => {
    const version = await new SSMClient(clientOf(place))
      .send(new GetParameterCommand({ Name: PARAMETER }))
      .then(({ Parameter }) => Number(Parameter?.Value))
      .catch(undefinedIfNotFound);
    return finding(version, place.region);
  },
};

function finding(version: number | undefined, region: string): Finding[] {
  if (version === undefined)
    return [stop(`The CDK is not set up in this account and ${region}: run npx cdk bootstrap, once.`)];
  if (version >= EARLIEST_VERSION) return [];
  return [
    stop(`The CDK's set-up in this account and ${region} is an old version (${version}): run npx cdk bootstrap.`),
  ];
}

function undefinedIfNotFound(error: unknown): undefined {
  if (!(error instanceof ParameterNotFound)) throw error;
}
