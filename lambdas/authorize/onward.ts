import { empty, type Response } from '#core/http/response.ts';
import type { AuthorizationRequest } from '#core/oauth/types.ts';
import { isForAccount } from '#core/sign-in/for-account.ts';
import type { Form } from '#core/sign-in/form.ts';
import type { SignIn } from '#core/store/sign-ins.ts';
import { consentPage, type Offered } from './pages/consent-page.ts';

/** Leads a person who has signed in to what they came for: to the account page, or to the question of a client. */
export function onward(signIn: SignIn, offered: Offered, form: Form): Response {
  return isForAccount(signIn.request) ? toAccount(signIn.request) : consentPage(signIn, offered, form);
}

/** Leads a person who has signed in to the page of their account that they came for. 303 turns the post into a get. */
export function toAccount({ redirectUri }: AuthorizationRequest): Response {
  return empty(303, { location: redirectUri });
}
