import * as z from 'zod';
import type { routes } from '../core/routes.ts';

const count = z.int().positive();
const host = z.string().regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/, {
  error: 'must be the name of a host, in lower case, such as mcp.example.com',
  abort: true,
});
const tagText = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const tagKey = z
  .string()
  .min(1)
  .max(128)
  .regex(tagText, 'must be letters, digits, spaces and _.:/=+-@')
  .refine((key) => !/^aws:/i.test(key), 'must not begin with aws:');
const throttle = (perSecond: number, burst: number) =>
  z.strictObject({ perSecond: count.default(perSecond), burst: count.default(burst) }).prefault({});
const throttles = {
  /** For every path without its own route. */
  discovery: throttle(50, 100),
  register: throttle(5, 20),
  authorize: throttle(10, 40),
  logo: throttle(10, 40),
  passkeys: throttle(10, 40),
  provider: throttle(10, 40),
  account: throttle(10, 40),
  token: throttle(50, 100),
  revoke: throttle(10, 40),
  introspect: throttle(50, 100),
  mcp: throttle(100, 200),
} satisfies Record<keyof typeof routes, z.ZodType>;

/** The settings that say where the server is deployed and what its front door does: a part of `lib/settings.ts`. */
export const deployment = {
  stackName: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9-]{0,100}$/, 'must be letters, digits and hyphens, and begin with a letter')
    .default('Vestibule'),
  /** The AWS account to deploy to. A deploy to any other is refused. */
  account: z
    .string()
    .regex(/^\d{12}$/, 'must be the 12 digits of an AWS account')
    .optional(),
  /** The region to deploy to. A deploy to any other is refused. */
  region: z
    .string()
    .regex(/^[a-z]{2,4}(-[a-z]+)+-\d$/, 'must be the name of a region, such as eu-central-1')
    .optional(),
  /** Tags for every resource. `Application` is added, with the stack's name, unless you set it here. */
  tags: z
    .record(tagKey, z.string().max(256).regex(tagText, 'must be letters, digits, spaces and _.:/=+-@'))
    .default({}),
  /** True if CloudFormation refuses to delete the stack. Without a domain, its address would be gone forever. */
  terminationProtection: z.boolean().default(true),
  /** The subdomain of the sender's domain that bounces go to, if the deploy writes the domain's records. */
  returnPath: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'must be one label of a domain name, in lower case')
    .default('vestibule-bounces'),
  /** `existing` to use an SES identity in the account, rather than have the deploy create the sender's. */
  senderIdentity: z.enum(['new', 'existing']).default('new'),
  /** Your host name for the server, in a Route 53 hosted zone. Without it, API Gateway assigns one. */
  domain: z
    .strictObject({
      name: host,
      /** A host of its own for the authorization server. The MCP server alone then answers at `name`. */
      authorization: host.optional(),
      hostedZone: z.strictObject({
        id: z.string().regex(/^Z[A-Z0-9]+$/, 'must be an id such as Z0123456789ABC'),
        name: host,
      }),
      /** With `edge`: a certificate for the name, or for both, in us-east-1, instead of the one the deploy creates. */
      edgeCertificateArn: z
        .string()
        .regex(/^arn:aws:acm:us-east-1:\d{12}:certificate\/.+$/, 'must be the ARN of a certificate in us-east-1')
        .optional(),
    })
    .refine(({ name, hostedZone }) => isIn(name, hostedZone), 'must be a name in the hosted zone')
    .refine(({ authorization = '', name }) => authorization !== name, {
      path: ['authorization'],
      message: 'must be another host than name: leave it out where one host serves both',
    })
    .refine(({ authorization, hostedZone }) => authorization === undefined || isIn(authorization, hostedZone), {
      path: ['authorization'],
      message: 'must be a name in the hosted zone, which gets its records and those of its certificate',
    })
    .optional(),
  /** True to put CloudFront with a web application firewall in front of the API. */
  edge: z.boolean().default(false),
  /** What the firewall of `edge` allows. */
  firewall: z
    .strictObject({
      /** How many requests an address may send in five minutes. `hostedClients.ranges` may send more. */
      requestsPerFiveMinutes: z.int().min(10).max(2_000_000_000).default(3_000),
      /** Your web ACL, in us-east-1, instead of the one the deploy creates. */
      webAclArn: z
        .string()
        .regex(/^arn:aws:wafv2:us-east-1:\d{12}:global\/webacl\/.+$/, 'must be the ARN of a web ACL for CloudFront')
        .optional(),
    })
    .prefault({}),
  /** The live issuer that a deploy may replace with a new one, which signs everybody out. */
  replacesIssuer: z.url({ protocol: /^https$/ }).optional(),
  /** True to have API Gateway restore the challenge header, which it renames. */
  restoreChallenge: z.boolean().default(true),
  /** How many requests each route accepts from everybody together. */
  throttles: z.strictObject(throttles).prefault({}),
};

function isIn(name: string, zone: { readonly name: string }): boolean {
  return `.${name}`.endsWith(`.${zone.name}`);
}

const stageName = z.string().regex(/^[a-z][a-z0-9-]{0,19}$/, 'must be lower case letters, digits and hyphens');

/** More deployments: for each stage, the keys that differ. A key that a stage sets replaces the whole key. */
export const stages = z.record(stageName, z.looseObject({})).default({});
