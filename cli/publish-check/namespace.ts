/** The domain of a name in the MCP registry: none for an account of GitHub. */
export function domainOf(name: string): string | undefined {
  const [namespace = ''] = name.split('/');
  return namespace.startsWith('io.github.') ? undefined : namespace.toLowerCase().split('.').reverse().join('.');
}

/** The domains whose records may prove a name: its own and those above it. MCP registry, Authentication. */
export function domainsOf(name: string): readonly string[] {
  const labels = domainOf(name)?.split('.') ?? [];
  return labels.slice(0, -1).map((_, at) => labels.slice(at).join('.'));
}
