import { issuer } from '#core/issuer.ts';
import { type Site, siteOf } from '#core/oauth/passkey.ts';
import { signIn } from '#generated';

/** The site that passkeys are bound to here. Undefined where there are to be none, or can be none. */
export const passkeySite: Site | undefined = signIn.passkeys ? siteOf(issuer) : undefined;
