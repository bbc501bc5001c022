import type { Provider } from '#core/oauth/provider.ts';
import { paths } from '#core/routes.ts';
import type { Browser } from '#core/sign-in/browser.ts';
import type { Session } from '#core/store/sessions.ts';
import type { SignIn } from '#core/store/sign-ins.ts';

/** A window to which a provider has answered. */
export type Returned = {
  readonly provider: Provider;
  readonly browser: Browser;
  readonly signIn: SignIn;
  readonly session: Session | undefined;
  readonly state: string;
};

/** The address where a window gets the page for its state. */
export function pageOf({ id }: Pick<Browser, 'id'>): string {
  return `${paths.consent}?transaction=${id}`;
}
