import type { TestProject } from 'vitest/node';
import { startStack } from '../support/stack.ts';
import { startTlsSite } from '../support/tls-site.ts';

declare module 'vitest' {
  interface ProvidedContext {
    issuer: string;
    /** Where the metadata document is that all programs have in common. */
    metadataUrl: string;
  }
}

/** Starts the local stack, and the site that describes the clients. The SDKs name no site without TLS. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const site = await startTlsSite((url) => ({
    client_id: url,
    client_name: 'Program made with an SDK',
    redirect_uris: ['http://localhost/callback'],
    grant_types: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_method: 'none',
  }));
  const stack = await startStack({ env: { TRUSTED_METADATA_HOSTS: site.host, NODE_EXTRA_CA_CERTS: site.caFile } });
  project.provide('issuer', stack.issuer);
  project.provide('metadataUrl', site.url);
  return async () => {
    await stack.stop();
    await site.stop();
  };
}
