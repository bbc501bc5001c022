import { type Html, html } from '#core/http/html.ts';
import { requestOptions, type Site, signInChallenge } from '#core/oauth/passkey.ts';
import { paths } from '#core/routes.ts';
import { type Form, postForm } from './form.ts';

/** A form that signs in by a passkey. It stays hidden until its script has seen that the browser knows how. */
export function passkeyForm(form: Form, site: Site): Html {
  const { signIn } = form.words;
  const options = requestOptions(site, signInChallenge(form.secret, form.passkeyUses ?? 0));
  return postForm(
    paths.passkey,
    form,
    html`<input type="hidden" name="passkey">
<div class="row"><button>${signIn.passkey}</button></div>
<p class="soft" role="status"></p>`,
    html` hidden data-passkey="${JSON.stringify(options)}" data-failed="${signIn.passkeyFailed}"`,
  );
}

/**
 * Offers passkeys in the field for the address, where the browser can, and asks for one when the button is pressed. Where
 * one was refused just now it waits for the button, and it is idle where this is not the host that passkeys are bound to.
 * WebAuthn Level 3 §5.1.4.
 */
export const passkeyScript = `
const form = document.querySelector('form[data-passkey]');
const asked = JSON.parse(form.dataset.passkey);
if (window.PublicKeyCredential?.parseRequestOptionsFromJSON && location.hostname === asked.rpId) {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(asked);
  const waiting = new AbortController();
  const send = (credential) => {
    form.elements.passkey.value = JSON.stringify(credential.toJSON());
    form.submit();
  };
  form.hidden = false;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    waiting.abort();
    try {
      send(await navigator.credentials.get({ publicKey }));
    } catch {
      form.querySelector('[role=status]').textContent = form.dataset.failed;
    }
  });
  PublicKeyCredential.isConditionalMediationAvailable?.().then((can) => {
    if (can && !location.search.includes('passkey=')) return navigator.credentials.get({ publicKey, mediation: 'conditional', signal: waiting.signal }).then(send);
  }).catch(() => {});
}
`;
