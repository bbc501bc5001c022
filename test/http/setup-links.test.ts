import { describe, expect, test } from 'vitest';
import { claudeLink, codeLink, cursorLink } from '../../lambdas/discovery/install-links.ts';
import { serverKey } from '../../lambdas/discovery/server-key.ts';

describe('the name of the server in a client’s settings', () => {
  test.for([
    ['Vestibule', 'vestibule'],
    ['Acme  Notes (beta)', 'acme-notes-beta'],
    ['Café Zürich', 'cafe-zurich'],
    ['--config', 'config'],
    ['7 & 8', '7-8'],
    ["o'neil; rm -rf", 'o-neil-rm-rf'],
    ['日本語', 'mcp-server'],
    ['—', 'mcp-server'],
    [`${'a'.repeat(39)} b`, 'a'.repeat(39)],
  ] as const)('of %s is %s', ([name, key]) => {
    expect(serverKey(name)).toBe(key);
  });
});

describe.each([
  { key: 'vestibule', name: 'Vestibule', url: 'https://mcp.example.com/mcp' },
  { key: 'a-b', name: 'A & B = "50 %" + ü', url: 'http://localhost:3000/mcp' },
])('a link that adds $name', (server) => {
  test('to Claude names the dialog, the name and the address, each percent-encoded', () => {
    const link = claudeLink(server);
    expect(link).toMatch(
      /^https:\/\/claude\.ai\/customize\/connectors\?modal=add-custom-connector&connectorName=[^&+ ]+&connectorUrl=[^&+ ]+$/,
    );
    expect(new URL(link).searchParams.get('connectorName')).toBe(server.name);
    expect(new URL(link).searchParams.get('connectorUrl')).toBe(server.url);
  });

  test('to Cursor has a name, and the settings in base64', () => {
    const [, name, config = ''] =
      /^cursor:\/\/anysphere\.cursor-deeplink\/mcp\/install\?name=([a-z0-9-]+)&config=([^&+ ]+)$/.exec(
        cursorLink(server),
      ) ?? [];
    expect(name).toBe(server.key);
    expect(JSON.parse(Buffer.from(decodeURIComponent(config), 'base64').toString())).toEqual({ url: server.url });
  });

  test('to VS Code is nothing but JSON, percent-encoded', () => {
    const [, config = ''] = /^vscode:mcp\/install\?([^&+ ]+)$/.exec(codeLink(server)) ?? [];
    expect(JSON.parse(decodeURIComponent(config))).toEqual({ name: server.key, type: 'http', url: server.url });
  });
});
