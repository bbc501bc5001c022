import { optionalEnv } from '#core/env.ts';

/** A result as the service has it: its texts may hold markup, and its link may be anything. */
export type Found = { readonly title: string; readonly link: string; readonly snippet: string };

type Search = {
  readonly query: string;
  readonly limit: number;
  /** Empty where the service takes none. */
  readonly key: string;
  readonly signal: AbortSignal;
};

/** A service that searches. */
export type SearchProvider = {
  readonly name: string;
  /** What it searches, in words for the model. */
  readonly searches: string;
  readonly needsKey: boolean;
  readonly search: (search: Search) => Promise<readonly Found[]>;
};

/** Where a provider is reached, unless the operator says otherwise. */
export function baseOr(usual: string): string {
  return optionalEnv('SEARCH_URL') || usual;
}
