/** What a preflight found, in one sentence: what it is about, what is wrong, what to do. A `stop` ends the deploy. */
export type Finding = { readonly kind: 'stop' | 'note'; readonly sentence: string };

export const stop = (sentence: string): Finding => ({ kind: 'stop', sentence });
export const note = (sentence: string): Finding => ({ kind: 'note', sentence });
