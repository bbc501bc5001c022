import { Fault, must, NotChecked } from '../../doctor/check.ts';
import type { Check } from '../check.ts';
import { found, identityIn, listingIn, mustBeOfType } from '../require.ts';
import type { Fetched, Seen } from '../seen.ts';

const untouched = 'Deploy, and have nothing before the API answer this path, redirect it or change what it says.';

/** What shows whose a server is. MCP registry, Authentication; OpenAI, Submitting plugins. */
export const registryChecks: readonly Check[] = [
  {
    name: 'public address',
    lists: ['registry', 'openai', 'anthropic', 'cursor', 'gemini', 'copilot'],
    remedy: 'Deploy it, and run this again with the URL that is to be listed.',
    judge: ({ isLocal, mcpUrl }) => {
      if (isLocal) throw new NotChecked(`${mcpUrl} is on this machine`);
      return mcpUrl;
    },
  },
  {
    name: 'namespace',
    lists: ['registry'],
    remedy:
      'Begin listing.name with the host of the MCP URL or a domain above it, turned around: mcp.example.com is ' +
      'com.example.mcp or com.example. Or with io.github. and your account.',
    judge: (seen) => {
      const domain = domainOf(listingIn(seen).name);
      if (domain === undefined) return 'an account of GitHub';
      if (seen.isLocal) throw new NotChecked('needs the public address');
      const { hostname } = new URL(seen.mcpUrl);
      must(hostname === domain || hostname.endsWith(`.${domain}`), `${hostname} is not at ${domain}`);
      return domain;
    },
  },
  {
    name: 'listed version',
    lists: ['registry', 'card'],
    remedy: 'Deploy with the listing that you are about to publish.',
    judge: (seen) => {
      const { version } = listingIn(seen);
      const { version: served } = identityIn(seen);
      must(served === version, `the server says ${served}, and listing.version is ${version}`);
      return version;
    },
  },
  {
    name: 'proof for the MCP registry',
    lists: ['registry'],
    remedy: untouched,
    judge: (seen) => {
      const { name, proofs } = listingIn(seen);
      if (domainOf(name) === undefined) return 'GitHub proves it';
      if (proofs.mcpRegistry === undefined)
        throw new NotChecked('listing.proofs.mcpRegistry is not set, so only a TXT record of the domain can prove it');
      mustProve(seen.registryProof, proofs.mcpRegistry, seen);
      return proofs.mcpRegistry;
    },
  },
  {
    name: 'proof for OpenAI',
    lists: ['openai'],
    remedy: untouched,
    judge: (seen) => {
      const { openai } = listingIn(seen).proofs;
      if (openai === undefined)
        throw new Fault('listing.proofs.openai is not set', 'Set it to the token that the form shows, and deploy.');
      mustProve(seen.openaiProof, openai, seen);
      return undefined;
    },
  },
];

/** The domain of a name: none for an account of GitHub. */
function domainOf(name: string): string | undefined {
  const [namespace = ''] = name.split('/');
  return namespace.startsWith('io.github.') ? undefined : namespace.toLowerCase().split('.').reverse().join('.');
}

/** The proof itself, from a server that does not give the same for every path. */
function mustProve(fetched: Fetched, proof: string, { nothing }: Seen): void {
  const answer = found(fetched);
  mustBeOfType(answer, 'text/plain');
  must(answer.text === proof, `it says ${JSON.stringify(answer.text.slice(0, 100))}, which is not what is set`);
  const isServed = !('unreachable' in nothing) && nothing.status === 200;
  must(!isServed, 'paths where nothing is are answered with 200 too');
}
