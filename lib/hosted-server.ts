import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { Construct } from 'constructs';
import type { Server } from '../tools/upstream/server.ts';
import { acknowledge } from './checks.ts';
import { Lambda, type Made } from './endpoint.ts';
import { writeServer } from './server-files.ts';

/** Longer than any server has for a call, and shorter than the MCP endpoint waits. */
const TIMEOUT_SECONDS = 18;

/** A server of others in a Lambda of its own, which may do nothing but write its log and read its own secrets. */
export class HostedServer extends Lambda {
  readonly serverName: string;

  constructor(scope: Construct, id: string, { made, server }: { readonly made: Made; readonly server: Server }) {
    const folder = `server-${server.name}`;
    cpSync(join(made.bundles, 'stdio'), join(made.bundles, folder), { recursive: true });
    writeServer(server, join(made.bundles, folder));
    super(scope, id, {
      ...made,
      name: folder,
      description: `The server ${server.name}, for the MCP endpoint`,
      timeoutSeconds: TIMEOUT_SECONDS,
    });
    this.serverName = server.name;
    this.givesSecrets(server.secrets);
    acknowledge(this, { 'Serverless-LambdaDLQ': 'The MCP endpoint waits for the answer: no event is ever queued.' });
  }
}

/** A Lambda for each of these servers. */
export function hostedServers(scope: Construct, made: Made, servers: readonly Server[]): readonly HostedServer[] {
  return servers.map((server) => new HostedServer(scope, idOf(server), { made, server }));
}

function idOf({ name }: Server): string {
  const words = name.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${words.join('')}Server`;
}
