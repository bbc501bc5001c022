/* Serves the Worker in workerd, through miniflare, and tells its parent the addresses and tokens. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { Miniflare } from 'miniflare';
import { ask, connected } from './flow.mjs';

/** The Worker is told its own address when it is bundled. */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const port = await freePort();
const origin = `http://127.0.0.1:${port}`;
const { outputFiles } = await build({
  entryPoints: [fileURLToPath(new URL('./worker.mjs', import.meta.url))],
  bundle: true,
  write: false,
  format: 'esm',
  target: 'es2024',
  conditions: ['workerd', 'worker', 'browser'],
  external: ['node:*', 'cloudflare:*'],
  define: { ORIGIN: JSON.stringify(origin) },
});
const miniflare = new Miniflare({
  modules: true,
  script: outputFiles[0].text,
  host: '127.0.0.1',
  port,
  kvNamespaces: ['OAUTH_KV'],
  compatibilityDate: '2026-04-01',
  compatibilityFlags: ['nodejs_compat', 'global_fetch_strictly_public'],
});
await miniflare.ready;
process.once('disconnect', () => miniflare.dispose().finally(() => process.exit()));
const resource = `${origin}/mcp`;
const endpoints = {
  register: `${origin}/oauth/register`,
  authorize: `${origin}/authorize`,
  token: `${origin}/oauth/token`,
};
const approve = async (url) => (await ask(url)).headers.get('location');
process.send(await connected({ ...endpoints, resource, scope: 'todos:read' }, approve));
