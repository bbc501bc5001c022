const fallback = 'mcp-server';

/**
 * The name of this server in a client's settings. Every client takes small letters, digits and hyphens; with a hyphen
 * first, a command would take it for an option.
 */
export function serverKey(name: string): string {
  const plain = name.normalize('NFKD').replaceAll(/\p{Mark}/gu, '');
  const words = plain.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return words.join('-').slice(0, 40).replace(/-$/, '') || fallback;
}
