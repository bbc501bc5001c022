import { endpoint } from '#core/http/endpoint.ts';
import { form, parameter } from '#core/http/parameters.ts';
import { Refusal } from '#core/http/refusal.ts';
import type { Request } from '#core/http/request.ts';
import type { Response } from '#core/http/response.ts';
import type { Site } from '#core/oauth/passkey.ts';
import { paths } from '#core/routes.ts';
import { accountPages } from '#core/sign-in/account-notice.ts';
import { passkeySite } from '#core/sign-in/passkey-site.ts';
import { addPasskey } from './add-passkey.ts';
import { declineOffer } from './decline-offer.ts';
import { removePasskey } from './remove-passkey.ts';
import { renamePasskey } from './rename-passkey.ts';
import { showPasskeys } from './show-passkeys.ts';
import { signInByPasskey } from './sign-in-by-passkey.ts';

type Step = (request: Request, site: Site) => Promise<Response>;

/** What the forms of the page of passkeys ask for. */
const changes = new Map<string | undefined, Step>([
  ['add', addPasskey],
  ['rename', renamePasskey],
  ['remove', removePasskey],
  ['decline', declineOffer],
]);

/** Sign-in by passkey, and the page on which a person keeps theirs. WebAuthn Level 3 §7. */
export const handler = endpoint((request) => {
  if (!passkeySite) throw new Refusal('access_denied', 'noPasskeys', { status: 404 });
  return stepOf(request)(request, passkeySite);
}, accountPages);

function stepOf(request: Request): Step {
  if (request.path === paths.passkey) return signInByPasskey;
  if (request.method === 'GET') return showPasskeys;
  return changes.get(parameter(form(request), 'do')) ?? showPasskeys;
}
