import { endpoint } from '#core/http/endpoint.ts';
import type { Request } from '#core/http/request.ts';
import type { Response } from '#core/http/response.ts';
import { paths } from '#core/routes.ts';
import { pages } from '#core/sign-in/notice-page.ts';
import { beginSignIn } from './begin-sign-in.ts';
import { checkCode } from './check-code.ts';
import { decide } from './decide.ts';
import { mailCode } from './mail-code.ts';
import { showConsent } from './show-consent.ts';
import { signOut } from './sign-out.ts';

const steps = new Map<string, (request: Request) => Promise<Response>>([
  [paths.authorize, beginSignIn],
  [paths.email, mailCode],
  [paths.code, checkCode],
  [paths.consent, decide],
  [paths.signOut, signOut],
]);

/** Authorization endpoint, and the pages that lead to its answer. RFC 6749 §3.1. */
export const handler = endpoint((request) => {
  const isShown = request.method === 'GET' && request.path === paths.consent;
  const step = isShown ? showConsent : steps.get(request.path);
  if (!step) throw new Error('A route leads here that no step takes');
  return step(request);
}, pages);
