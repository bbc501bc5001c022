/**
 * Makes a passkey when the form is sent, and sends it along. The form stays hidden where the browser cannot, or where
 * this is not the host that passkeys are bound to. Nothing is fetched. WebAuthn Level 3 §5.1.3.
 */
export const creationScript = `
const adding = document.querySelector('form[data-passkey]');
const creation = adding && JSON.parse(adding.dataset.passkey);
if (creation && window.PublicKeyCredential?.parseCreationOptionsFromJSON && location.hostname === creation.rp.id) {
  adding.hidden = false;
  document.querySelector('[data-unsupported]').hidden = true;
  adding.addEventListener('submit', async (event) => {
    event.preventDefault();
    try {
      const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(creation);
      const made = await navigator.credentials.create({ publicKey });
      const field = adding.querySelector('[name=passkey]');
      field.value = JSON.stringify(made.toJSON());
      adding.submit();
    } catch ({ name }) {
      const { known, failed } = adding.dataset;
      adding.querySelector('[role=status]').textContent = name === 'InvalidStateError' ? known : failed;
    }
  });
}
`;
