import * as z from 'zod';
import type { routes } from '../core/routes.ts';

const count = z.int().positive();
const host = z
  .string()
  .regex(
    /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/,
    'must be the name of a host, in lower case, such as mcp.example.com',
  );
const throttle = (perSecond: number, burst: number) =>
  z.strictObject({ perSecond: count.default(perSecond), burst: count.default(burst) }).prefault({});
const throttles = {
  /** Of every path that has no route of its own. */
  discovery: throttle(200, 400),
  register: throttle(20, 40),
  authorize: throttle(50, 100),
  token: throttle(100, 200),
  revoke: throttle(50, 100),
  introspect: throttle(200, 400),
  mcp: throttle(500, 1_000),
} satisfies Record<keyof typeof routes, z.ZodType>;

/** The settings that say where the server is deployed and what its front door does: a part of `lib/settings.ts`. */
export const deployment = {
  stackName: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9-]{0,100}$/, 'must be letters, digits and hyphens, and begin with a letter')
    .default('Vestibule'),
  /** Whether the deploy creates the SES identity of the sender, or one that exists in the account is used. */
  senderIdentity: z.enum(['new', 'existing']).default('new'),
  /** The server's own host name, in a hosted zone of Route 53. Without it, API Gateway gives it one. */
  domain: z
    .strictObject({
      name: host,
      hostedZone: z.strictObject({
        id: z.string().regex(/^Z[A-Z0-9]+$/, 'must be an id such as Z0123456789ABC'),
        name: host,
      }),
    })
    .refine(({ name, hostedZone }) => `.${name}`.endsWith(`.${hostedZone.name}`), 'must be a name in the hosted zone')
    .optional(),
  /** The live issuer that a deploy may replace by another one, which signs everybody out. */
  replacesIssuer: z.url({ protocol: /^https$/ }).optional(),
  /** Whether API Gateway is told to give challenges their own header back, which it renames. */
  restoreChallenge: z.boolean().default(true),
  /** How many requests each route takes from everybody together. */
  throttles: z.strictObject(throttles).prefault({}),
};

const stageName = z.string().regex(/^[a-z][a-z0-9-]{0,19}$/, 'must be lower case letters, digits and hyphens');

/** Further deployments: for each stage the keys that differ. A key that a stage sets replaces the whole of it. */
export const stages = z.record(stageName, z.looseObject({})).default({});
