import { paths, routes } from '#core/routes.ts';
import { documents } from './documents.ts';

/** The methods that a path takes: none when it is not served. RFC 9110 §15.5.6. */
export function allowedMethods(path: string): readonly string[] {
  const routed = Object.values(routes)
    .flat()
    .map((key) => key.split(' ', 2))
    .filter(([, route]) => route === path)
    .flatMap(([method]) => method ?? []);
  const readable = path === paths.home || documents.has(path) ? ['GET'] : [];
  return [...routed, ...readable].flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
}
