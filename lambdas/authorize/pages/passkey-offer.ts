import { type Html, html } from '#core/http/html.ts';
import type { Site } from '#core/oauth/passkey.ts';
import { paths } from '#core/routes.ts';
import { type Form, postForm } from '#core/sign-in/form.ts';

/** Offers a passkey to somebody who has just typed a code. It stays hidden where the browser knows none. */
export function passkeyOffer(form: Form, { rpId }: Site): Html {
  const { passkeys } = form.words;
  return postForm(
    paths.passkeys,
    form,
    html`<h2>${passkeys.offerTitle}</h2>
<p class="soft">${passkeys.offer}</p>
<div class="row"><button name="do" value="decline">${passkeys.decline}</button><button>${passkeys.add}</button></div>`,
    html` hidden data-offer="${rpId}"`,
  );
}

/** Shows the offer where the browser knows passkeys, and this is the host that they are bound to. */
export const offerScript = `
const offer = document.querySelector('[data-offer]');
if (window.PublicKeyCredential?.parseCreationOptionsFromJSON && location.hostname === offer.dataset.offer) offer.hidden = false;
`;
