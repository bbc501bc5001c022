import type { SettingChanges } from './assembly.ts';
import { type ClientSite, startClientSite } from './client-site.ts';
import { startStackWith } from './settings-stack.ts';
import { type RunningStack, startStack } from './stack.ts';

/** A stack that reads what a site on this machine publishes, and that site. */
export type TrustingStack = {
  readonly site: ClientSite;
  readonly stack: RunningStack;
  readonly issuer: string;
  readonly stop: () => Promise<void>;
};

/** Starts both, the stack with these settings if any are given. */
export async function startTrustingStack(changes?: SettingChanges): Promise<TrustingStack> {
  const site = await startClientSite();
  const env = { TRUSTED_METADATA_HOSTS: site.host };
  const stack = await (changes ? startStackWith(changes, { env }) : startStack({ env }));
  const stop = async () => {
    await stack.stop();
    await site.stop();
  };
  return { site, stack, issuer: stack.issuer, stop };
}
