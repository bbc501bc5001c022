import type { Implementation, Tool } from '@modelcontextprotocol/client';
import type { Answer } from '../doctor/deployment.ts';
import type { Finding } from '../doctor/examine.ts';
import type { Widget } from '../shared/mcp.ts';
import type { stageSettings } from '../shared/project.ts';
import type { Sample } from './samples.ts';
import type { Snapshot } from './snapshot.ts';

type Settings = Awaited<ReturnType<typeof stageSettings>>;

/** What the settings say of a listing. */
export type Listing = NonNullable<Settings['listing']>;

/** An answer, or why there is none. */
export type Fetched = Answer | { readonly unreachable: string };

/** A picture as it is served. */
export type Picture = {
  readonly status: number;
  readonly type: string | null;
  /** Its width and height, if it is a PNG. */
  readonly size: readonly [width: number, height: number] | undefined;
};

/** The pages to which a listing leads. */
export const pageNames = ['website', 'privacy', 'terms', 'support'] as const;
export type PageName = (typeof pageNames)[number];

/** Everything that the checks judge: nothing of it is asked for again. */
export type Seen = {
  readonly mcpUrl: string;
  /** True if the server is on this machine, and so has no public address. */
  readonly isLocal: boolean;
  readonly settings: Pick<Settings, 'name' | 'brand' | 'listing'>;
  /** What doctor found. */
  readonly findings: readonly Finding[];
  /** What the server says of itself, and its tools: not without a sign-in. */
  readonly identity: Implementation | undefined;
  readonly instructions: string | undefined;
  readonly tools: readonly Tool[] | undefined;
  /** What calls of some tools gave: not without a sign-in. */
  readonly samples: readonly Sample[] | undefined;
  /** The pages that tools name, for clients to show: not without a sign-in. */
  readonly widgets: readonly Widget[] | undefined;
  /** What reviewers saw, if it was named. */
  readonly before: Snapshot | undefined;
  /** The scopes that the authorization server offers. */
  readonly scopes: readonly string[];
  readonly card: Fetched;
  /** The card, asked for again by its tag. */
  readonly cardAgain: Fetched;
  /** Whether a page of another site may ask for it by its tag. */
  readonly cardPreflight: Fetched;
  readonly catalog: Fetched;
  readonly openaiProof: Fetched;
  readonly registryProof: Fetched;
  /** A path where nothing should be. */
  readonly nothing: Fetched;
  readonly icon: Picture | { readonly unreachable: string } | undefined;
  /** The icon where lists look for it if they are told of none. */
  readonly favicon: Picture | { readonly unreachable: string };
  /** What the address gives without TLS. Undefined on this machine. */
  readonly plainHttp: Fetched | undefined;
  /** The TXT records of the domains that may prove the name: undefined if they could not be read. */
  readonly records: readonly string[] | undefined;
  readonly pages: Readonly<Partial<Record<PageName, Fetched>>>;
  /** What came of the callbacks of clients: nothing if none could be tried. */
  readonly callbacks: Readonly<Record<string, number>> | undefined;
};

/** The addresses of the pages, as the settings have them. */
export function addressesOf({ listing, brand }: Seen['settings']): Readonly<Record<PageName, string | undefined>> {
  return { website: listing?.website, privacy: brand.privacy, terms: brand.terms, support: brand.support };
}
