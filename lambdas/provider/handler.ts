import { endpoint } from '#core/http/endpoint.ts';
import type { Request } from '#core/http/request.ts';
import type { Response } from '#core/http/response.ts';
import { paths } from '#core/routes.ts';
import { pages } from '#core/sign-in/notice-page.ts';
import { comeBack } from './come-back.ts';
import { isLogout } from './known-provider.ts';
import { leave } from './leave.ts';
import { logOut } from './log-out.ts';

/** Sign-in through an outside provider: the way there, the way back, and the end of it. OpenID Connect Core 1.0 §3.1. */
export const handler = endpoint((request: Request): Promise<Response> => {
  if (isLogout(request.path)) return logOut(request);
  return request.path === paths.provider ? leave(request) : comeBack(request);
}, pages);
