import { form } from '#core/http/parameters.ts';
import type { Request } from '#core/http/request.ts';
import { empty, type Response } from '#core/http/response.ts';
import { paths } from '#core/routes.ts';
import { postingBrowser } from '#core/sign-in/browser.ts';
import { offerAnswered } from '#core/store/passkeys.ts';
import { commit } from '#core/store/table.ts';
import { visitorOf } from './visitor.ts';

/** Remembers that a person wants no passkey now, so that they are not asked again, and leads them back to consent. */
export async function declineOffer(request: Request): Promise<Response> {
  const browser = postingBrowser(request, form(request));
  const visitor = browser && (await visitorOf(request));
  if (visitor) await commit([offerAnswered(visitor.session.principal.subject, visitor.session.address)]);
  return empty(307, { location: paths.consent });
}
