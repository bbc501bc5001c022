import type { AnyLimitName, LimitName, Quota, QuotaName, Windows } from './limits.ts';
import type { Policy, Role, ToolRight } from './oauth/permission.ts';
import type { Provider } from './oauth/provider.ts';
import type { ScopeDefinition } from './oauth/scope.ts';
import type { Client } from './oauth/types.ts';
import type { Language } from './words/languages.ts';

/**
 * What the operator's settings and the tools in use come to, as plain data.
 * `lib/generate.ts` writes the module at synth; the bundles and the tests import it as `#generated`.
 */

/** The name this server goes by on its pages and in its mail. */
export const name: string;
/** The language for people who ask for none that this server speaks. */
export const language: Language;
/** The operator's colour, on light and on dark pages. Text has enough contrast with both. */
/** The style of every page, in the operator's colour. */
export const accentedStyle: string;
/** The operator's picture, and whether there is one: only the Lambda that serves it has it. */
export const logo: { readonly type: string; readonly base64: string } | null;
export const hasLogo: boolean;
/** What registries and directories are told of this server, if the operator lists it. */
export const listed: {
  readonly name: string;
  readonly version: string;
  readonly title: string;
  readonly description: string;
  readonly publisher: string;
  readonly website?: string;
  readonly repository?: { readonly url: string; readonly source: 'github' | 'gitlab' };
  /** The width and height of the icon. */
  readonly iconSide?: number;
} | null;
/** The icon in those lists, a PNG in base64: only the Lambda that serves it has it. */
export const icon: string | null;
/** What shows registries and directories that the domain is the operator's. */
export const proofs: { readonly openai?: string; readonly mcpRegistry?: string };
/** Pages of the operator's, to which every page leads. */
export const links: { readonly privacy?: string; readonly terms?: string; readonly support?: string };
/** The address that sign-in codes are sent from. */
export const sender: string;
/** Where people turn who get no code, if the operator says so. */
export const contact: string | null;
/** Origins of web pages that may call the MCP endpoint, besides this server's own and loopback ones: `scheme://*` is all. */
export const allowedOrigins: readonly string[];
/**
 * What a tenant lets its people use, how often they may call, all together, the provider through which they must sign in, if
 * it has one, and whether only with bound tokens.
 */
export type TenantPolicy = Policy & {
  readonly calls?: Windows;
  readonly provider?: string;
  readonly dpop?: 'required';
};

/** The packs of tools that are on. */
export const packs: readonly string[];
/** What each tool of those packs asks of its callers. */
export const tools: readonly ToolRight[];
/** What the front page says of each of those tools. */
export const offers: readonly {
  readonly title: string;
  readonly scope: string;
  readonly changes: boolean;
  readonly role?: Role;
}[];
/** What a person is told of tools, resources and prompts, by their names. */
export const titles: Readonly<Record<string, string>>;
/** True if public tools answer callers without a token. */
export const opensPublicTools: boolean;
/** How long one call may compute. */
export const computingMilliseconds: number;
/** The prefixes of the partitions `<prefix><tenant>#<subject>` that tools keep: they move with their person. */
export const personalItems: readonly string[];
/** The prefixes of the partitions `<prefix><tenant>` that tools keep. */
export const tenantItems: readonly string[];
/** What people without a tenant may use. */
export const personalPolicy: TenantPolicy;
/** How long an audit item is kept. */
export const auditSeconds: number;
/** The scopes of the tools in use, in the order in which they are shown. */
export const scopes: readonly ScopeDefinition[];
/** What the consent page says of each scope, in English. What it says in other languages comes with their texts. */
export const consentTexts: Readonly<Record<string, { readonly text: string; readonly changes: boolean }>>;
/** How long things live, in seconds. */
export const lifetimes: {
  readonly accessTokenSeconds: number;
  readonly grantIdleSeconds: number;
  readonly grantSeconds: number;
  readonly repeatWindowSeconds: number;
};
/** Of how many requests that went well it is told what was asked, between none (0) and all (1). */
export const loggedShare: number;
/** If requests are counted by endpoint, and tool calls by tool. */
export const countedBy: { readonly endpoint: boolean; readonly tool: boolean };
/** True if people get a mail about new connections and new browsers. */
export const notices: boolean;
/** True if a spent refresh token that is used again from another network is refused. */
export const refuseRepeatsFromElsewhere: boolean;
/** Whether every access token has to be bound to a key. */
export const needsDpop: boolean;
/** Whether each proof of a key needs a nonce. */
export const usesDpopNonces: boolean;
/** The clients that the operator registered in the settings. */
export const clients: readonly Client[];
/** Hosts, with their ports, that clients' documents and keys may come from although they are not public. */
export const trustedMetadataHosts: readonly string[];
/** Which ways of registering are open. */
export const registration: {
  readonly dynamic: boolean;
  readonly metadataDocuments: boolean;
  readonly privateSchemes: readonly string[];
};
/** Who may sign in: everybody when both lists are empty. Addresses and domains are in canonical form. */
export const signIn: {
  readonly allowedDomains: readonly string[];
  readonly allowedAddresses: readonly string[];
  /** True if people may sign in with passkeys as well as mailed codes. */
  readonly passkeys: boolean;
};
/** The outside providers through which people may sign in, and what the sign-in page shows of each. */
export const providers: readonly Provider[];
/** The provider through which people must sign in whose address is of a domain. */
export const requiredProviders: Readonly<Record<string, string>>;
export const providerButtons: readonly Pick<Provider, 'id' | 'name'>[];
/** Networks from which one client serves many people, and how many times higher its limits are. */
export const hostedClients: { readonly ranges: readonly string[]; readonly factor: number };
/** How often things may happen. */
export const limits: Readonly<Record<LimitName, Windows>>;
/** What the counters of each limit are called in the table. */
export const counters: Readonly<Record<AnyLimitName, string>>;
/** How much may be kept of what tools store. */
export const quotas: Readonly<Record<QuotaName, Quota>>;
/** True if the subdomains of this server's host are its own: not if it is at the top of a domain. */
export const ownsSubdomains: boolean;
/** Every answer to a posted address takes at least this long, so that its time says nothing about the address. */
export const answerFloorMilliseconds: number;
