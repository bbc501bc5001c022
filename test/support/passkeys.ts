import type { CDPSession, Page } from 'playwright-core';

/** An authenticator that exists in a tab of the browser alone, and does what a test says. */
export type Authenticator = {
  readonly cdp: CDPSession;
  readonly id: string;
  /** Whether somebody touches it when it asks. A passkey that is offered in a field is then taken at once. */
  readonly setPresence: (enabled: boolean) => Promise<void>;
  /** Whether it recognises its person. */
  readonly setVerified: (isUserVerified: boolean) => Promise<void>;
  readonly credentials: () => Promise<readonly Credential[]>;
  readonly put: (credential: Credential) => Promise<void>;
};

type Credential = {
  readonly credentialId: string;
  readonly isResidentCredential: boolean;
  readonly rpId?: string;
  readonly privateKey: string;
  readonly userHandle?: string;
  readonly signCount: number;
};

/** Gives a tab an authenticator, of which nobody touches anything until a test says so. */
export async function newAuthenticator(page: Page): Promise<Authenticator> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  const { authenticatorId: id } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: false,
    },
  });
  const authenticatorId = id;
  return {
    cdp,
    id,
    setPresence: (enabled) => cdp.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled }).then(),
    setVerified: (isUserVerified) => cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }).then(),
    credentials: async () => (await cdp.send('WebAuthn.getCredentials', { authenticatorId })).credentials,
    put: (credential) => cdp.send('WebAuthn.addCredential', { authenticatorId, credential }).then(),
  };
}
