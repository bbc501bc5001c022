/**
 * Every limit of the server: what is counted, by what, how often, what that protects, and what an honest person at its
 * edge sees. The settings take their names and defaults from here, the endpoints the names of their counters, and
 * `docs/limits.md` all of it.
 */

/** How often something may happen in each fixed window. A window that is left out has no limit. */
export type Windows = {
  readonly minute?: number;
  readonly quarterHour?: number;
  readonly hour?: number;
  readonly day?: number;
};

export type Limit = {
  /** What its items in the table are called: `RATE#<counter>#<subject>#<day or hour>`. */
  readonly counter: string;
  readonly counts: string;
  readonly by: string;
  readonly windows: Windows;
  readonly protects: string;
  readonly atItsEdge: string;
};

const byNetwork = 'network';
const comeBack = '429 with `Retry-After`';

/** The limits that `limits` in `vestibule.config.ts` changes, by their names there. */
export const limits = {
  mailsPerAddressAndNetwork: {
    counter: 'mail-address-network',
    counts: 'requests for a code, for one address',
    by: 'address and network',
    windows: { minute: 3, quarterHour: 6, hour: 10, day: 20 },
    protects:
      'a mailbox from being flooded from one place. The first two of a day count here alone, so that a person who has signed in before gets a code from a network that has not asked yet, whatever others did',
    atItsEdge: 'a page that says when to come back',
  },
  mailsPerAddress: {
    counter: 'mail-address',
    counts:
      'requests for a code, for one address, beyond the first two of each network; a browser that has signed in as that address counts for itself; also the mails that go to an address nobody has signed in with',
    by: 'address',
    windows: { minute: 3, quarterHour: 6, hour: 10, day: 30 },
    protects: 'a mailbox from being flooded from many places',
    atItsEdge: 'a page that says when to come back; of a new address, no mail',
  },
  mailsPerIp: {
    counter: 'mail-ip',
    counts: 'requests for a code, for any address',
    by: byNetwork,
    windows: { minute: 30, quarterHour: 120, hour: 300, day: 1_000 },
    protects: 'the reputation and the cost of mail',
    atItsEdge: 'a page that says when to come back; a browser that has signed in as the address passes',
  },
  mailsToStrangers: {
    counter: 'mail-strangers',
    counts:
      'mails to addresses that nobody has signed in with and the operator has not entered; each bounce counts as a fiftieth of the whole, each complaint as a tenth, that day and the next, up to what one network may cause',
    by: 'deployment',
    windows: { hour: 2_000, day: 5_000 },
    protects:
      'mail for everybody: SES stops it when too much of it bounces. Half is kept for networks with fewer than four such mails that day',
    atItsEdge: 'the page as always, and no mail; people who have signed in before get theirs',
  },
  mailsToStrangersPerNetwork: {
    counter: 'mail-strangers-ip',
    counts: 'mails to addresses that nobody has signed in with and the operator has not entered',
    by: byNetwork,
    windows: { hour: 200, day: 600 },
    protects: 'what newcomers from other networks need of `mailsToStrangers`',
    atItsEdge: 'the page as always, and no mail',
  },
  mailsReturnedPerNetwork: {
    counter: 'mail-returned-ip',
    counts: 'mails that bounced, and five times those that somebody complained of, by where they were asked for',
    by: 'network, of IPv6 the /48',
    windows: { day: 5 },
    protects:
      'newcomers from elsewhere: what comes back beyond it takes nothing more from `mailsToStrangers`. Each bounce takes a tenth of `mailsToStrangersPerNetwork` from its own network, each complaint a half',
    atItsEdge: 'nothing but that',
  },
  noticesPerPerson: {
    counter: 'notice-person',
    counts: 'mails that tell a person of a new connection, a sign-in from a new browser, or a passkey added or removed',
    by: 'person',
    windows: { hour: 5, day: 10 },
    protects: 'a mailbox from a flood by somebody who is signed in as its person',
    atItsEdge:
      'no more such mails that hour or day; the audit has what they would have told, and no passkey can be added',
  },
  wrongCodesPerIp: {
    counter: 'wrong-code-ip',
    counts: 'wrong codes',
    by: byNetwork,
    windows: { minute: 20, quarterHour: 60, hour: 120, day: 500 },
    protects: 'codes from being guessed over many sign-ins; five tries end each one',
    atItsEdge: 'a wrong code gets 429 and the form again; a right one passes',
  },
  wrongPasskeysPerIp: {
    counter: 'wrong-passkey-ip',
    counts: 'passkeys that were refused, at a sign-in or when they were to be added',
    by: byNetwork,
    windows: { minute: 20, quarterHour: 60, hour: 120, day: 500 },
    protects: 'the audit from floods; guessing is hopeless anyway',
    atItsEdge: 'a page that says when to come back, and no audit item; what is genuine passes, and codes do',
  },
  refusedByProviderPerIp: {
    counter: 'provider-refused-ip',
    counts: 'answers of outside providers that were refused',
    by: byNetwork,
    windows: { minute: 20, quarterHour: 60, hour: 120, day: 500 },
    protects: 'the audit from floods, and providers from requests through this server',
    atItsEdge: 'a page that says when to come back, and no audit item; what is genuine passes',
  },
  authorizationsPerIp: {
    counter: 'authorization-ip',
    counts: 'authorization requests that begin a sign-in',
    by: byNetwork,
    windows: { minute: 120, quarterHour: 600, hour: 1_200, day: 5_000 },
    protects: 'the table from being filled with sign-ins',
    atItsEdge: 'a page that says when to come back',
  },
  registrationsPerIp: {
    counter: 'registration-ip',
    counts: 'registrations of clients',
    by: byNetwork,
    windows: { minute: 60, quarterHour: 200, hour: 500, day: 2_000 },
    protects: 'the table from being filled',
    atItsEdge: comeBack,
  },
  registrationUpdatesPerIp: {
    counter: 'registration-update-ip',
    counts: 'changes of registrations by their clients',
    by: byNetwork,
    windows: { minute: 30, quarterHour: 60, hour: 120, day: 500 },
    protects: 'the table from writes of many kilobytes',
    atItsEdge: comeBack,
  },
  metadataFetchesPerIp: {
    counter: 'metadata-ip',
    counts: 'metadata documents of clients read from their hosts',
    by: byNetwork,
    windows: { minute: 20, quarterHour: 60, hour: 120, day: 500 },
    protects: 'other hosts from requests through this server, and its Lambdas from waiting',
    atItsEdge: 'a page that says when to come back; a client that is known already passes',
  },
  metadataWaitsPerIp: {
    counter: 'metadata-wait-ip',
    counts: 'requests that wait, for a second and a half at most, while another one reads the document of their client',
    by: byNetwork,
    windows: { minute: 60, hour: 600 },
    protects: 'the Lambdas from being held by those who wait',
    atItsEdge: 'a page with 503 that says when to come back',
  },
  logosPerIp: {
    counter: 'logo-ip',
    counts: 'logos of clients shown to people who are asked for consent',
    by: byNetwork,
    windows: { minute: 120, quarterHour: 600, hour: 1_200, day: 5_000 },
    protects: 'the table, since a logo has many kilobytes, and other hosts from requests through this server',
    atItsEdge: 'the page without the logo',
  },
  keySetFetchesPerIp: {
    counter: 'key-set-ip',
    counts: 'key sets of clients read from their `jwks_uri`',
    by: byNetwork,
    windows: { minute: 20, quarterHour: 60, hour: 120, day: 500 },
    protects: 'other hosts from requests through this server, and its Lambdas from waiting',
    atItsEdge: '429 with `Retry-After`; keys that are known already serve',
  },
  madeUpTokensPerIp: {
    counter: 'made-up-ip',
    counts: 'codes and refresh tokens that this server never issued',
    by: byNetwork,
    windows: { minute: 60, quarterHour: 200, hour: 500, day: 2_000 },
    protects: 'the logs and the table from floods; guessing is hopeless anyway',
    atItsEdge: `${comeBack}; what is genuine passes`,
  },
  repeatsPerRefreshToken: {
    counter: 'refresh-repeat',
    counts: 'repeats of a spent refresh token within the window in which they are answered',
    by: 'token and network',
    windows: { minute: 100, hour: 200 },
    protects:
      'KMS, the table and the audit: each answer is a signature. The first repeat has an audit item, the others none',
    atItsEdge: '429 with `Retry-After`; the newest token passes, and so does a repeat from another network',
  },
  repeatsPerIp: {
    counter: 'refresh-repeat-ip',
    counts: 'repeats of spent refresh tokens within the window in which they are answered',
    by: byNetwork,
    windows: { minute: 300, hour: 1_500 },
    protects: 'KMS from somebody with many grants',
    atItsEdge: '429 with `Retry-After`; newest tokens pass',
  },
  assertionsPerIp: {
    counter: 'assertion-ip',
    counts: 'assertions of trusted issuers that were refused',
    by: byNetwork,
    windows: { minute: 30, hour: 200 },
    protects: 'the audit from floods, and the issuers from being asked for their keys',
    atItsEdge: `${comeBack}, and no audit item; what is genuine passes`,
  },
  tokensPerPrincipal: {
    counter: 'token-principal',
    counts: 'access tokens without a refresh token: of a machine, a workload, or a person whom an issuer vouches for',
    by: 'machine, workload or person',
    windows: { minute: 60, hour: 1_000 },
    protects: 'KMS, the table and the audit from a program that asks for a token before each call, many times a second',
    atItsEdge: `${comeBack}; tokens that it has serve on`,
  },
  refusalsPerGrant: {
    counter: 'refusal-grant',
    counts:
      'refusals of a code or refresh token that is genuine: for another resource, with another verifier and the like',
    by: 'grant',
    windows: { minute: 10, hour: 60 },
    protects: 'the audit and the table from somebody who shows a token of their own in a wrong way again and again',
    atItsEdge: 'the same refusal, without an audit item',
  },
  assertionReplaysPerClient: {
    counter: 'assertion-replay',
    counts: 'signed assertions of a client that were used before',
    by: 'client',
    windows: { minute: 10, hour: 60 },
    protects: 'the audit and the table from a client that shows one again and again',
    atItsEdge: 'the same refusal, without an audit item',
  },
  callsPerGrant: {
    counter: 'call-grant',
    counts: 'calls of the MCP endpoint under a grant',
    by: 'grant',
    windows: { minute: 300, hour: 6_000 },
    protects: 'the other clients of the same person, and the bill',
    atItsEdge: comeBack,
  },
  callsPerPerson: {
    counter: 'call-person',
    counts: 'calls of the MCP endpoint by a person, under all their grants; one that reads much counts as several',
    by: 'person',
    windows: { minute: 600, hour: 12_000 },
    protects: 'the Lambdas and the bill from somebody with many grants',
    atItsEdge: comeBack,
  },
  grantsPerPerson: {
    counter: 'grant-person',
    counts: 'approvals of clients',
    by: 'person',
    windows: { quarterHour: 15, hour: 30, day: 100 },
    protects: 'the table, and limits that count by grant',
    atItsEdge: 'a page that says when to come back; nothing is decided, and denying passes',
  },
  accountRequestsPerPerson: {
    counter: 'account-person',
    counts:
      'pages and changes of the account page; a page of recent activity counts as five, a download of one’s data as twenty',
    by: 'person and browser',
    windows: { minute: 60, hour: 600, day: 3_000 },
    protects:
      'the table from somebody who loads the page again and again. Each browser counts for itself, so that somebody with a stolen session can’t keep its person from ending it in another browser, or after signing in again',
    atItsEdge: 'a page that says when to come back',
  },
  publicCallsPerIp: {
    counter: 'call-public',
    counts: 'calls of public tools without a token',
    by: byNetwork,
    windows: { minute: 60, hour: 1_000 },
    protects: 'the Lambdas and the bill from callers who are nobody',
    atItsEdge: comeBack,
  },
} as const satisfies Readonly<Record<string, Limit>>;

/** A limit of the settings. */
export type LimitName = keyof typeof limits;

/** The limits that count by network alone. */
export function limitsByNetwork(): readonly LimitName[] {
  return (Object.keys(limits) as LimitName[]).filter((name) => limits[name].by === byNetwork);
}

/** The limits that something else than `limits` in the settings says. */
export const otherLimits = {
  callsPerTenant: {
    counter: 'call-tenant',
    counts: 'calls of the MCP endpoint by all people of a tenant',
    by: 'tenant; its policy says how often (`npm run admin -- tenants policy`)',
    windows: {},
    protects: 'what the operator promised other tenants, and the bill',
    atItsEdge: comeBack,
  },
} as const satisfies Readonly<Record<string, Limit>>;

/** How much may be kept, until it is deleted. */
export type Quota = { readonly items: number; readonly bytes: number };

/** The quotas that `quotas` in `vestibule.config.ts` changes: of what is kept for a person alone, or for their tenant. */
export const quotas = {
  todosPerPerson: {
    counts: 'todos, and the bytes of what a person wrote in them',
    by: 'person and tenant',
    of: 'person',
    most: { items: 5_000, bytes: 5_000_000 },
    protects: 'the table and the bill',
    atItsEdge: 'a sentence of the tool: delete some first',
  },
  documentsPerPerson: {
    counts: 'documents that a person added, and the bytes that they wrote in those of the workspace',
    by: 'person and tenant',
    of: 'tenant',
    most: { items: 2_000, bytes: 20_000_000 },
    protects: 'what other members need, the table and the bill',
    atItsEdge: 'a sentence of the tool: delete some first',
  },
} as const;

export type QuotaName = keyof typeof quotas;

/** Any limit, of the settings or not. */
export type AnyLimitName = LimitName | keyof typeof otherLimits;
