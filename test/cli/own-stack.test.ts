import { expect, test } from 'vitest';
import type { Deployment } from '../../cli/doctor/deployment.ts';
import { placeOf } from '../../cli/doctor/own-stack.ts';

test.for([
  ['https://abc123.execute-api.eu-central-1.amazonaws.com', 'eu-central-1'],
  ['https://abc123.execute-api.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
  ['https://abc123.execute-api.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
  ['https://abc123.execute-api.eusc-de-east-1.amazonaws.eu', 'eusc-de-east-1'],
  ['https://abc123.execute-api.us-isob-east-1.sc2s.sgov.gov', 'us-isob-east-1'],
  ['https://mcp.example.com', undefined],
  ['https://abc.execute-api.localhost:4566', undefined],
] as const)('%s is in region %s', ([issuer, region]) => {
  expect(placeOf({ issuer } as Deployment).region).toBe(region);
});
