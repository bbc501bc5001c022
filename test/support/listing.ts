import { fileURLToPath } from 'node:url';
import type { SettingChanges } from './assembly.ts';

/** A listing as an operator could have it. */
export const listing = {
  name: 'com.example/todos',
  version: '1.4.2',
  title: 'Example Todos',
  tagline: 'Todos you can talk to',
  description: 'Keeps your todos, and shows what is due.',
  text: 'Ask for what is due, add what comes to mind, and tick off what is done.',
  publisher: 'Example Ltd',
  website: 'https://example.com/todos',
  repository: 'https://github.com/example/todos',
  icon: fileURLToPath(new URL('icon.png', import.meta.url)),
  prompts: ['What is due this week?', 'Remind me to call the bank on Friday', 'Tick off everything about the party'],
  proofs: {
    openai: 'token-of-openai_123',
    mcpRegistry: `v=MCPv1; k=ed25519; p=${Buffer.alloc(32, 7).toString('base64')}`,
  },
};

/** The settings of a server that is listed. */
export const listedSettings: SettingChanges = {
  name: 'Todos',
  brand: {
    privacy: 'https://example.com/privacy',
    terms: 'https://example.com/terms',
    support: 'https://example.com/support',
  },
  listing,
};
