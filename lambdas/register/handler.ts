import { endpoint } from '#core/http/endpoint.ts';
import type { Request } from '#core/http/request.ts';
import type { Response } from '#core/http/response.ts';
import { changeOwn, readOwn, removeOwn } from './own-registration.ts';
import { register } from './register.ts';

const steps = new Map<string, (request: Request) => Promise<Response>>([
  ['POST', register],
  ['GET', readOwn],
  ['PUT', changeOwn],
  ['DELETE', removeOwn],
]);

/** Dynamic client registration and its management. RFC 7591 §3, RFC 7592 §2. */
export const handler = endpoint((request) => {
  const step = steps.get(request.method);
  if (!step) throw new Error('A route leads here that no step takes');
  return step(request);
});
