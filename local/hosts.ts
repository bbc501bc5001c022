import type { Assembly } from './assembly.ts';
import { isRecord } from './intrinsics.ts';

/** Which of its two hosts an API is. */
export type Host = 'resource' | 'authorization';

/**
 * The two hosts are two names of this machine at the same port. Every program and browser finds both, keeps their cookies
 * apart, and takes the authorization server's for one that may have passkeys, which an address may not.
 */
const names = { resource: '127.0.0.1', authorization: 'localhost' } as const;

/** Where a host is on this machine, where the runner is. */
export function originOf(host: Host, endpoint: string): string {
  const url = new URL(endpoint);
  url.hostname = names[host];
  return url.origin;
}

/** What the variables of a stage say. */
function hostIn(variables: unknown): Host | undefined {
  const host = isRecord(variables) ? variables.host : undefined;
  return host === 'resource' || host === 'authorization' ? host : undefined;
}

/** The routes of the API that a request is for, by the host that it names. */
export function routesAt<Route extends { readonly host: Host | undefined }>(
  named: string | undefined,
  routes: readonly Route[],
): readonly Route[] {
  const asked = named?.replace(/:\d+$/, '') === names.resource ? 'resource' : 'authorization';
  return routes.filter(({ host }) => host === undefined || host === asked);
}

/** The logical ids of the APIs that are one of two hosts. */
export function hostedApis({ template }: Assembly): ReadonlyMap<string, Host> {
  const stages = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::ApiGatewayV2::Stage');
  return new Map(
    stages.flatMap(({ Properties = {} }) => {
      const host = hostIn(Properties.StageVariables);
      return host && isRecord(Properties.ApiId) ? [[String(Properties.ApiId.Ref), host] as const] : [];
    }),
  );
}
