import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { McpServer } from 'vestibule-mcp/cdk';
import { defineSettings } from 'vestibule-mcp/settings';

const app = new App();
new McpServer(new Stack(app, 'Proverbs'), 'Server', {
  settings: defineSettings({ name: 'Proverbs', sender: 'sign-in@proverbs.example' }),
  tools: join(import.meta.dirname, 'tools.ts'),
});
app.synth();
