import type { Means } from '#core/oauth/types.ts';

/** A call of a tool, resource or prompt. A public call comes from no client that is known, and from no grant. */
type Access = {
  clientId?: string | undefined;
  grantId?: string | undefined;
  tool: string;
  outcome: CallOutcome;
  argumentsDigest: string;
  reason?: 'time' | undefined;
};

/** Somebody who is not known yet, by address and network. */
type Unproven = { clientId: string; address: string; network: string };

type OfPasskey = { passkey: string };
type OfGrant = { clientId: string; grantId: string };

/** Every event, and what is known of it. Nothing in it is a secret, a token or the text of an argument. */
type Events = {
  code_mailed: Unproven;
  wrong_code: Unproven;
  sign_in: {
    passkey?: string | undefined;
    provider?: string | undefined;
    by?: 'password' | undefined;
    isNew?: true | undefined;
  };
  link: { provider: string; link: string; by: 'code' | 'provider' };
  membership: { provider: string; role: string };
  unlink: { provider: string; link: string };
  provider_logout: { provider: string; sessions: number; grants: number };
  provider_refused: { provider: string; reason: string; reference: string; network: string };
  sign_out: Nothing;
  passkey_added: OfPasskey;
  passkey_renamed: OfPasskey;
  passkey_removed: OfPasskey;
  passkey_refused: OfPasskey & { reason: string };
  passkey_cloned: OfPasskey & { stored: number; shown: number };
  consent_denied: { clientId: string };
  grant: OfGrant & { means?: Means | undefined };
  grant_use: OfGrant & { means: Means };
  revocation: OfGrant & { by?: 'person' | 'provider' };
  refusal: OfGrant & { reason: string };
  code_replay: OfGrant;
  refresh_repeat: OfGrant;
  refresh_theft: OfGrant;
  refresh_elsewhere: OfGrant & { rotatedFrom: string; repeatedFrom: string; answer: 'given' | 'refused' };
  refresh_late: OfGrant;
  assertion_replay: { clientId: string };
  assertion_refused: { clientId: string; issuer: string; reason: string };
  trusted_person: { clientId: string; trust: string; did: 'made' | 'linked' };
  registration: { clientId: string; network: string };
  registration_change: { clientId: string; network: string };
  registration_removal: { clientId: string; network: string };
  suppression: { address: string; reason: 'bounce' | 'complaint' };
  session_end: Nothing;
  everything_ended: Nothing;
  account_change: { setting: 'language' };
  data_download: { part: string };
  account_closed: { by: 'person' | 'operator' };
  account_deleted: Nothing;
  admin_change: { command: string; target: string };
  tool_call: Access;
  resource_read: Access;
  prompt_get: Access;
  resource_list: Access;
  completion: Access;
};
type Nothing = Readonly<Record<never, never>>;

/** What is worth knowing afterwards. */
export type AuditEvent = { [E in keyof Events]: { readonly event: E } & Readonly<Events[E]> }[keyof Events];

/** What a caller reached for. */
export type AccessEvent = 'tool_call' | 'resource_read' | 'prompt_get' | 'resource_list' | 'completion';

type Described = {
  readonly [E in keyof Events]: {
    readonly when: string;
    readonly fields: { readonly [F in keyof Required<Events[E]>]: string };
  };
};

const ofClient = { clientId: 'the client', network: 'from where, hashed' };
const unproven = { ...ofClient, address: 'the address, hashed' };
const ofPasskey = { passkey: 'the SHA-256 of the passkey’s id' };
const ofGrant = { clientId: 'the client', grantId: 'the grant' };
const access = {
  ...ofGrant,
  tool: 'the name of the tool, resource or prompt; if there is none, what was asked for',
  outcome: 'how it ended',
  argumentsDigest: 'the SHA-256 of the arguments',
  reason: '`time` if it failed because its time was used up',
};

/** All events, in the words of `docs/audit.md`. One that is left out, or a field, does not compile. */
export const described: Described = {
  code_mailed: { when: 'a code was mailed', fields: unproven },
  wrong_code: { when: 'a wrong code was typed', fields: unproven },
  sign_in: {
    when: 'a person signed in',
    fields: {
      passkey: 'the SHA-256 of the passkey’s id, if it was by one and not by a code',
      provider: 'the outside provider, if it was through one',
      by: '`password` if it was a reviewer’s',
      isNew: '`true` if they are new here: it was their first sign-in',
    },
  },
  link: {
    when: 'somebody’s identity at an outside provider was linked with a person',
    fields: {
      provider: 'the provider',
      link: 'the SHA-256 of issuer and key',
      by: '`code` if a mailed code proved the address, `provider` if the provider’s word was enough',
    },
  },
  membership: {
    when: 'the groups that an outside provider named changed somebody’s role in the tenant',
    fields: { provider: 'the provider', role: 'the role from then on' },
  },
  unlink: {
    when: 'the operator removed the link from somebody’s identity at an outside provider to a person',
    fields: { provider: 'the provider', link: 'the SHA-256 of issuer and key' },
  },
  provider_logout: {
    when: 'an outside provider said that a person has logged out there',
    fields: {
      provider: 'the provider',
      sessions: 'how many browsers were signed out by that',
      grants: 'how many grants were ended, if the settings say so',
    },
  },
  provider_refused: {
    when: 'somebody came back from an outside provider and was refused, or a logout token was',
    fields: {
      provider: 'the provider',
      reason: 'what was wrong',
      reference: 'what the page told them to mention; the log has it as `request`',
      network: ofClient.network,
    },
  },
  sign_out: { when: 'a person signed out of their browser', fields: {} },
  passkey_added: { when: 'a person added a passkey', fields: ofPasskey },
  passkey_renamed: { when: 'a person renamed a passkey', fields: ofPasskey },
  passkey_removed: { when: 'a person removed a passkey', fields: ofPasskey },
  passkey_refused: {
    when: 'a passkey of a person was used, or was to be added, and was refused',
    fields: { ...ofPasskey, reason: 'why' },
  },
  passkey_cloned: {
    when: 'the counter of a passkey had not grown: somebody may have copied the passkey. The sign-in went on',
    fields: { ...ofPasskey, stored: 'the counter as it was known', shown: 'the counter as it was shown' },
  },
  consent_denied: { when: 'a person denied a client', fields: { clientId: 'the client' } },
  grant: {
    when: 'a grant began: a code was redeemed, or somebody came for the first time by other means',
    fields: { ...ofGrant, means: 'by what, if it was no code' },
  },
  grant_use: {
    when: 'another access token was given under the grant that was begun by such means',
    fields: { ...ofGrant, means: 'by what' },
  },
  revocation: {
    when: 'a grant was ended, by its client, its person, the operator or a provider',
    fields: {
      ...ofGrant,
      by: '`person` if its person did it on the account page, `provider` if they logged out there',
    },
  },
  refusal: {
    when: 'a genuine code or refresh token was refused',
    fields: { clientId: 'the client that showed it', grantId: 'the grant', reason: 'why' },
  },
  code_replay: { when: 'a code was redeemed a second time, and its grant ended', fields: ofGrant },
  refresh_repeat: { when: 'a spent refresh token came again soon, and got the same answer', fields: ofGrant },
  refresh_theft: { when: 'a refresh token spent long ago came again, and its grant ended', fields: ofGrant },
  refresh_elsewhere: {
    when: 'a spent refresh token came again soon, from another network than the one that spent it',
    fields: {
      ...ofGrant,
      rotatedFrom: 'the network that spent it, keyed for this grant only',
      repeatedFrom: 'the network that sent it again, keyed the same way',
      answer: '`given` or `refused`',
    },
  },
  refresh_late: { when: 'a spent refresh token came again soon whose successor was spent too', fields: ofGrant },
  assertion_replay: { when: 'a client showed an assertion a second time', fields: { clientId: 'the client' } },
  assertion_refused: {
    when: 'an assertion of a trusted issuer was refused, or one that a client of the operator showed',
    fields: {
      clientId: 'the client that showed it, or what stands for it where a workload did',
      issuer: 'whose it was, by its own word',
      reason: 'why',
    },
  },
  trusted_person: {
    when: 'somebody whom a trusted issuer vouches for came for the first time',
    fields: {
      clientId: 'the client',
      trust: 'the trust',
      did: '`made` if they are new here, `linked` if their address led to somebody',
    },
  },
  registration: { when: 'a client registered itself', fields: ofClient },
  registration_change: { when: 'a client changed its registration', fields: ofClient },
  registration_removal: { when: 'a client removed its registration', fields: ofClient },
  suppression: {
    when: 'mail to an address stopped',
    fields: { address: 'the address, hashed', reason: '`bounce` or `complaint`' },
  },
  session_end: { when: 'a person signed another browser of theirs out', fields: {} },
  everything_ended: { when: 'a person ended everything: every session and every grant', fields: {} },
  account_change: { when: 'a person changed a setting of their account', fields: { setting: 'which one' } },
  data_download: {
    when: 'a person downloaded their data',
    fields: { part: 'where the file begins: `apps`, the first part, or a later one' },
  },
  account_closed: {
    when: 'an account was closed: nothing that its person began is valid anymore',
    fields: { by: '`person` if they did it themselves, else `operator`' },
  },
  account_deleted: { when: 'everything of a person whose account was closed has been deleted', fields: {} },
  admin_change: {
    when: 'the operator changed something',
    fields: { command: 'the command', target: 'what it was about' },
  },
  tool_call: { when: 'a tool was called', fields: access },
  resource_read: { when: 'a resource was read', fields: access },
  prompt_get: { when: 'a prompt was fetched', fields: access },
  resource_list: { when: 'the resources were listed', fields: access },
  completion: { when: 'values for an argument were suggested', fields: access },
};

/** The names of all events. */
export const auditEvents: readonly string[] = Object.keys(described);

/**
 * What became of a call. Before a tool acts beyond the table it is `started`; a question to the person is `asked`,
 * and what they refuse is `declined`.
 */
export const callOutcomes = ['allowed', 'denied', 'failed', 'started', 'asked', 'declined'] as const;
export type CallOutcome = (typeof callOutcomes)[number];
