import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { McpServer } from './mcp-server.ts';
import type { Settings } from './settings.ts';

/** One server in a stack of its own. Without a module of tools it serves the packs that come along. */
export class VestibuleStack extends Stack {
  constructor(scope: Construct, id: string, settings: Settings, tools?: string) {
    const { stackName, tags, terminationProtection } = settings;
    super(scope, id, { tags: { Application: stackName, ...tags }, terminationProtection });
    // The id leaves no trace in the names of resources, so that they are the stack's own.
    new McpServer(this, 'Default', tools === undefined ? { settings } : { settings, tools });
  }
}
