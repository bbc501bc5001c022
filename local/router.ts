export type Match<Route> = {
  readonly route: Route;
  readonly pathParameters: Readonly<Record<string, string>> | undefined;
};

type Candidate<Route> = Match<Route> & { readonly rank: readonly number[] };

/**
 * The route that API Gateway chooses: a literal segment before a parameter before a greedy one, from left to right;
 * then a method of its own before `ANY`; `$default` when nothing else matches. A slash at the end counts,
 * and a greedy parameter below the root takes it as an empty rest.
 */
export function findRoute<Route extends { readonly key: string }>(
  routes: readonly Route[],
  method: string,
  path: string,
): Match<Route> | undefined {
  const candidates = routes.flatMap((route) => match(route, method, path) ?? []);
  const [best] = candidates.toSorted((a, b) => compare(a.rank, b.rank));
  if (best) return { route: best.route, pathParameters: best.pathParameters };
  const fallback = routes.find(({ key }) => key === '$default');
  return fallback && { route: fallback, pathParameters: undefined };
}

function match<Route extends { readonly key: string }>(
  route: Route,
  method: string,
  path: string,
): Candidate<Route> | undefined {
  const [routeMethod, routePath = ''] = route.key.split(' ');
  if (routeMethod !== 'ANY' && routeMethod !== method) return undefined;
  const actual = path.split('/');
  const parameters: Record<string, string> = {};
  const rank: number[] = [];
  for (const [index, segment] of routePath.split('/').entries()) {
    const [, name, greedy] = /^\{([^+}]+)(\+)?\}$/.exec(segment) ?? [];
    const value = greedy ? actual.slice(index).join('/') : actual[index];
    if (name ? !value && !(greedy && value === '' && index > 1) : segment !== value) return undefined;
    if (name) parameters[name] = value ?? '';
    rank.push(greedy ? 2 : name ? 1 : 0);
  }
  if (rank.length !== actual.length && rank.at(-1) !== 2) return undefined;
  rank.push(routeMethod === 'ANY' ? 1 : 0);
  const pathParameters = Object.keys(parameters).length > 0 ? parameters : undefined;
  return { route, pathParameters, rank };
}

function compare(a: readonly number[], b: readonly number[]): number {
  const index = a.findIndex((rank, at) => rank !== b[at]);
  return index < 0 ? 0 : (a[index] ?? 0) - (b[index] ?? 0);
}
