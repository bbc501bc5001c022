/** What the tools here ask for, in words for the person who is asked. */
export const scopes = { 'proverbs:read': { text: 'Read proverbs' } };

declare module 'vestibule-mcp' {
  interface OtherScopes {
    'proverbs:read': unknown;
  }
}
