/** What a scope lets a client do, in words for the person who is asked, and which scopes it includes. */
export type ScopeText = { readonly text: string; readonly implies?: readonly string[] };

/** Every scope a tool may ask for. The consent page shows the text. */
export const scopes = {
  'todos:read': { text: 'See your todos' },
  'todos:write': { text: 'Create, change and delete your todos', implies: ['todos:read'] },
  'everyday:use': { text: 'Use the clock, the calculator, the weather and web search' },
  'workspace:read': { text: 'Search your documents and todos, and export reports of them and of past calls' },
  'workspace:write': { text: 'Add and change documents', implies: ['workspace:read'] },
  'workspace:admin': { text: 'Delete what your whole workspace keeps' },
  'profile:read': { text: 'See which person and tenant this connection acts for' },
} as const satisfies Record<string, ScopeText>;

/** The scopes of tools elsewhere: an app with tools of its own declares them here, so that they can be named. */
// biome-ignore lint/suspicious/noEmptyInterface: it is there to be extended
export interface OtherScopes {}

export type Scope = keyof typeof scopes | keyof OtherScopes;
