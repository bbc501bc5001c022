import * as z from 'zod';
import { limits as allLimits, quotas as allQuotas, type LimitName, type Quota } from '../core/limits.ts';
import { languages } from '../core/words/languages.ts';
import { brand } from './brand.ts';
import { deployment, stages } from './deployment-settings.ts';
import { listing } from './listing.ts';
import { operations } from './operations-settings.ts';
import { origin } from './origins.ts';
import { providers } from './providers.ts';
import { identityOf } from './sender-identity.ts';

const seconds = (days: number) => days * 24 * 60 * 60;
const count = z.int().positive();
const windows = z.strictObject({
  minute: count.optional(),
  quarterHour: count.optional(),
  hour: count.optional(),
  day: count.optional(),
});
const limitNames = Object.keys(allLimits) as LimitName[];
const limits = Object.fromEntries(
  limitNames.map((name) => [name, windows.prefault(allLimits[name].windows)]),
) as Readonly<Record<LimitName, z.ZodPrefault<typeof windows>>>;
const quota = ({ most }: { readonly most: Quota }) =>
  z.strictObject({ items: count.default(most.items), bytes: count.default(most.bytes) }).prefault({});
const keyName = z.string().regex(/^[A-Za-z0-9]{1,20}$/, 'must be 1 to 20 letters and digits');

const network = z
  .string()
  .regex(
    /^(\d{1,3}(\.\d{1,3}){3}\/\d{1,2}|[0-9a-f:]+\/\d{1,3})$/,
    'must be a network, such as 192.0.2.0/24 or 2001:db8::/32',
  );

/** A client that the operator registers. Instead of its secret, give the SHA-256 of it in base64url. */
const client = z
  .strictObject({
    id: z.string().regex(/^[A-Za-z0-9._-]{1,100}$/, 'must be 1 to 100 letters, digits, dots, hyphens or underscores'),
    name: z.string().trim().min(1).max(200),
    redirectUris: z.array(z.string()).max(20).default([]),
    authMethod: z.enum(['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt']),
    secretHashes: z
      .array(z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'must be a SHA-256 in base64url'))
      .max(2)
      .default([]),
    jwks: z.object({ keys: z.array(z.looseObject({ kty: z.string() })).min(1) }).optional(),
    isResourceServer: z.boolean().default(false),
    /** True if it gets only access tokens that are bound to its key (DPoP, RFC 9449). */
    dpopBoundAccessTokens: z.boolean().default(false),
  })
  .refine(({ authMethod, jwks }) => authMethod !== 'private_key_jwt' || jwks, 'needs jwks with private_key_jwt')
  .refine(
    ({ authMethod, secretHashes }) => authMethod.startsWith('client_secret') === secretHashes.length > 0,
    'needs secretHashes with client_secret_basic and client_secret_post, and only with those',
  );

/** Variables that the stack, Lambda or Node.js uses, so tools can't set them. */
const ownVariable =
  /^(TABLE_NAME|ISSUER|MCP_ORIGIN|ENDPOINT|SERVICE_NAME|DNS_SERVER|EDGE_KEY|PUBLIC_KEYS|SIGNING_KEYS|TRUSTED_METADATA_HOSTS|TZ|((AWS|LAMBDA|NODE)_\w+))$/;
const variable = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]{0,60}$/, 'must be capitals, digits and underscores')
  .refine((name) => !ownVariable.test(name), 'is a variable of the server itself');
const parameterName = z
  .string()
  .regex(/^(\/[A-Za-z0-9_.-]+)+$/, 'must be the name of an SSM parameter, such as /vestibule/search-key');

/** A Lambda has 4 KB for all of its variables, as JSON, and those of the server are among them. AWS Lambda, Quotas. */
const MOST_VARIABLES = 2_500;

/** True if a Lambda has room for what tools are given. */
function hasRoom({
  environment,
  secrets,
}: Readonly<Record<'environment' | 'secrets', Record<string, string>>>): boolean {
  const texts = [
    ...Object.entries(environment),
    ...Object.entries(secrets).map(([name, at]) => [`${name}_PARAMETER`, at]),
  ];
  return Buffer.byteLength(JSON.stringify(Object.fromEntries(texts))) <= MOST_VARIABLES;
}

/** What people without a tenant that you added may use. Anything left out isn't restricted. */
const policy = z.strictObject({
  tools: z.array(z.string()).optional(),
  scopes: z.array(z.string()).optional(),
  calls: z.strictObject({ minute: count.optional(), hour: count.optional() }).optional(),
});

const settingsShape = z.strictObject({
  name: z.string().trim().min(1).max(60).default('Vestibule'),
  sender: z.email(),
  /** The language for people whose browser asks for none of the languages of this server. */
  language: z.enum(languages).default('en'),
  /** How pages look: your logo, colour and links. */
  brand,
  /** What registries and directories are told about this server. Without it, the server doesn't describe itself to them. */
  listing,
  /** Your email address or page, shown to people who get no code. */
  contact: z.union([z.email(), z.url({ protocol: /^https$/ })]).optional(),
  /** Web pages that may call the MCP endpoint, besides the server's own and those on the person's own device. */
  allowedOrigins: z
    .array(origin)
    .default([
      'https://claude.ai',
      'https://claude.com',
      'https://chatgpt.com',
      'https://vscode.dev',
      'https://insiders.vscode.dev',
    ]),
  signIn: z
    .strictObject({
      allowedDomains: z.array(z.string().toLowerCase()).default([]),
      allowedAddresses: z.array(z.string().toLowerCase()).default([]),
      /** True if people may also sign in with passkeys. Mailed codes always work. */
      passkeys: z.boolean().default(true),
      /** Outside providers that people may sign in with. See `docs/sign-in` for each. */
      providers,
    })
    .prefault({}),
  registration: z
    .strictObject({
      dynamic: z.boolean().default(true),
      metadataDocuments: z.boolean().default(true),
      /** URI schemes without a dot that codes may be sent to, besides those of known programs. */
      privateSchemes: z
        .array(z.string().regex(/^[a-z][a-z0-9+.-]{0,60}$/, 'must be a scheme, such as myeditor'))
        .default([]),
    })
    .prefault({}),
  clients: z.array(client).max(50).default([]),
  trustedMetadataHosts: z.array(z.string()).default([]),
  hostedClients: z
    .strictObject({ ranges: z.array(network).default(['160.79.104.0/21']), factor: count.default(20) })
    .prefault({}),
  signingKeys: z
    .strictObject({ current: keyName, next: keyName.optional(), retired: keyName.optional() })
    .refine((keys) => new Set(Object.values(keys)).size === Object.values(keys).length, 'must name different keys')
    .prefault({ current: 'first' }),
  tools: z
    .strictObject({
      /** The packs of `tools/index.ts` that are on. All of them by default. */
      packs: z.array(z.string()).optional(),
      /** True if public tools answer callers without a token. */
      public: z.boolean().default(false),
      /** How long one call may compute, in milliseconds of processor time, before it is ended. */
      computingMilliseconds: count.min(100).max(20_000).default(3_000),
      /** Environment variables for tools. */
      environment: z.record(variable, z.string()).default({}),
      /** Secrets for tools: for each name, the SSM parameter that has it. */
      secrets: z.record(variable, parameterName).default({}),
    })
    .refine(hasRoom, 'environment and secrets must be at most 2,500 bytes together: a Lambda has 4 KB for variables')
    .prefault({}),
  tenants: z.strictObject({ personal: policy.prefault({}) }).prefault({}),
  audit: z.strictObject({ retentionDays: count.max(3_650).default(400) }).prefault({}),
  lifetimes: z
    .strictObject({
      accessTokenSeconds: count.max(86_400).default(3_600),
      grantIdleSeconds: count.default(seconds(30)),
      grantSeconds: count.default(seconds(365)),
      repeatWindowSeconds: count.max(3_600).default(60),
    })
    .prefault({}),
  /** True if people get a mail about each new connection, and each sign-in from a new browser. */
  notices: z.boolean().default(true),
  /** True to refuse a spent refresh token that is used again from another network. It is audited either way. */
  refuseRepeatsFromElsewhere: z.boolean().default(false),
  /** Access tokens that are bound to a key of the client (DPoP, RFC 9449). Any client may ask for them, whatever is set here. */
  dpop: z
    .strictObject({
      /** True to issue and accept only bound access tokens. */
      required: z.boolean().default(false),
      /** True if each proof must have a nonce from this server, so that no proof can be made in advance. */
      nonce: z.boolean().default(false),
    })
    .prefault({}),
  /** How often things may happen. `core/limits.ts` explains each limit. A limit that you set replaces its default. */
  limits: z.strictObject(limits).prefault({}),
  /** How much data tools may store. */
  quotas: z
    .strictObject({
      todosPerPerson: quota(allQuotas.todosPerPerson),
      documentsPerPerson: quota(allQuotas.documentsPerPerson),
    })
    .prefault({}),
  answerFloorMilliseconds: z.int().min(0).max(5_000).default(600),
  ...operations,
  ...deployment,
  stages,
});

type Shape<S> = Omit<S, 'stages'>;
type Given = Shape<z.input<typeof settingsShape>>;

/** What one deployment is made of. */
export type Settings = Shape<z.output<typeof settingsShape>>;

/** The settings of `vestibule.config.ts`, and for each further stage the same with its own values. */
export type StagedSettings = Settings & { readonly stages: Readonly<Record<string, Settings>> };

/** Checks the operator's settings and fills in the defaults. Throws an error that names each wrong key and what it allows. */
export function defineSettings(given: Given & { stages?: Record<string, Partial<Given>> }): StagedSettings {
  const { stages, ...common } = checked(given, []);
  const staged = Object.entries(stages).map(([stage, changes]) => {
    const own = { ...given, stackName: `${common.stackName}-${stage}`, ...changes, stages: {} };
    return [stage, checked(own, ['stages', stage])] as const;
  });
  requireApart([['', common], ...staged]);
  return { ...common, stages: Object.fromEntries(staged) };
}

/** A stage inherits what it does not set, but no two can be the same stack, have the same host or make the same sender. */
function requireApart(stages: readonly (readonly [string, Settings])[]): void {
  for (const [index, [stage, settings]] of stages.entries()) {
    const others = stages.slice(0, index).map(([, other]) => other);
    const problem = others.map((other) => clash(settings, other)).find((found) => found !== undefined);
    if (problem) throw new Error(`vestibule.config.ts is not valid:\n  stages.${stage}.${problem}`);
  }
}

/** What two stages cannot both be or make, as the key and what it must be. */
function clash(one: Settings, other: Settings): string | undefined {
  if (one.stackName === other.stackName) return 'stackName: must differ between stages';
  if (hostsOf(one).some((host) => hostsOf(other).includes(host))) return 'domain: must differ between stages';
  const bothMakeIt = one.senderIdentity === 'new' && other.senderIdentity === 'new';
  if (!bothMakeIt || identityOf(one) !== identityOf(other) || areElsewhere(one, other)) return undefined;
  return (
    `senderIdentity: must be 'existing', for another stage makes the SES identity ${identityOf(one)} already; or set ` +
    'another sender, or say by account and region of both stages that they are apart'
  );
}

/** The host names of the operator's own that a stage answers at. */
function hostsOf({ domain }: Settings): readonly string[] {
  return [domain?.name, domain?.authorization].filter((host) => host !== undefined);
}

/** True if both stages say where they are, and that is not the same account and region. */
function areElsewhere(one: Settings, other: Settings): boolean {
  const differ = (key: 'account' | 'region') =>
    one[key] !== undefined && other[key] !== undefined && one[key] !== other[key];
  return differ('account') || differ('region');
}

/** The settings of a stage, or those of the only one when no name is given. Throws when there is no such stage. */
export function settingsOf({ stages, ...common }: StagedSettings, stage: string | undefined): Settings {
  if (stage === undefined) return common;
  const found = Object.hasOwn(stages, stage) ? stages[stage] : undefined;
  if (found) return found;
  const all = Object.keys(stages).join(', ') || 'none';
  throw new Error(`vestibule.config.ts has no stage "${stage}"; it has ${all}`);
}

function checked(given: unknown, path: readonly string[]): z.output<typeof settingsShape> {
  const { success, data, error } = settingsShape.safeParse(given);
  if (success) return data;
  const described = error.issues.map((issue) => describe(issue, path)).join('\n');
  throw new Error(`vestibule.config.ts is not valid:\n${described}`);
}

function describe(issue: z.core.$ZodIssue, path: readonly string[]): string {
  if (issue.code === 'invalid_key') {
    return issue.issues.map((own) => describe(own, [...path, ...issue.path.map(String)])).join('\n');
  }
  if (issue.code !== 'unrecognized_keys') return `  ${[...path, ...issue.path].join('.')}: ${issue.message}`;
  const allowed = Object.keys(shapeAt(issue.path)).join(', ');
  return issue.keys
    .map((key) => `  ${[...path, ...issue.path, key].join('.')}: there is no such key; there are ${allowed}`)
    .join('\n');
}

function shapeAt(path: readonly PropertyKey[]): z.core.$ZodLooseShape {
  let schema: z.core.$ZodType = settingsShape;
  for (const key of path) schema = objectIn(schema).shape[String(key)] ?? settingsShape;
  return objectIn(schema).shape;
}

function objectIn(schema: z.core.$ZodType): z.ZodObject {
  if (schema instanceof z.ZodObject) return schema;
  const isWrapped = schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional;
  return isWrapped ? objectIn(schema.unwrap()) : settingsShape;
}
