/** What your tools ask for, in words for the person who is asked: "This will allow the app to …". */
export const scopes = {
  'dice:roll': { text: 'Roll dice for you' },
};

/** Makes their names known to TypeScript. */
declare module 'vestibule-mcp' {
  interface OtherScopes extends Record<keyof typeof scopes, unknown> {}
}
