import { parametersOf } from '#core/oauth/authorization-request.ts';
import { promptFor } from '#core/oauth/prompt.ts';
import { paths } from '#core/routes.ts';
import { isForAccount } from '#core/sign-in/for-account.ts';
import type { SignIn } from '#core/store/sign-ins.ts';

type Begun = Pick<SignIn, 'request' | 'freshness' | 'language'>;

/** The address of the same authorization request, in the same language. The request is checked again. */
export function beginAgain({ request, freshness, language }: Begun): string {
  if (isForAccount(request)) return request.redirectUri;
  const parameters = {
    ...parametersOf(request),
    ...(freshness ? promptFor(freshness) : {}),
    ...(language === undefined ? {} : { ui_locales: language }),
  };
  return `${paths.authorize}?${new URLSearchParams(parameters)}`;
}
