import { documentPaths, listingPaths, paths } from '#core/routes.ts';

/** The one host, or which of the two a request came to: the MCP server's, or the authorization server's. */
export type Host = 'only' | 'resource' | 'authorization';

/** An event of the HTTP API, with what the stage says of itself. */
type StageEvent = { readonly stageVariables?: Readonly<Record<string, string | undefined>> };

/** What pages and machines ask any host for. */
const ofBoth: readonly string[] = [paths.health, paths.logo];
/** All else is the authorization server's. */
const ofResource: readonly string[] = [
  paths.home,
  documentPaths.protectedResource,
  documentPaths.protectedResourceOfMcp,
  ...Object.values(listingPaths),
];

/** Which host a request came to, by the stage of the API: no request can say so itself. */
export function hostOf({ stageVariables }: StageEvent): Host {
  const host = stageVariables?.host;
  return host === 'resource' || host === 'authorization' ? host : 'only';
}

/** Whether a path is a host's to answer. */
export function isOf(host: Host, path: string): boolean {
  if (host === 'only' || ofBoth.includes(path)) return true;
  const isOfResource = ofResource.includes(path) || path === paths.mcp || path.startsWith(`${paths.mcp}/`);
  return isOfResource === (host === 'resource');
}
