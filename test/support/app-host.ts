import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { AppBridge } from '@modelcontextprotocol/ext-apps/app-bridge';
import { build } from 'esbuild';
import type { Browser, BrowserContextOptions, FrameLocator, Page } from 'playwright-core';
import { complaintsOf } from './chromium.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * The page of a client that shows MCP Apps: the extension's own host side, which holds each message of the app against
 * its schema, in front of a real MCP client. What the app may do is set as the specification has it, in a policy that
 * stands before everything else in the app's document. MCP Apps 2026-01-26, Content Security Policy Enforcement.
 */
const hostScript = `
import { AppBridge, getToolUiResourceUri, PostMessageTransport } from '@modelcontextprotocol/ext-apps/app-bridge';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

const list = (domains = []) => domains.join(' ');
const policy = (csp = {}) => [
  "default-src 'none'",
  "script-src 'self' 'unsafe-inline' " + list(csp.resourceDomains),
  "style-src 'self' 'unsafe-inline' " + list(csp.resourceDomains),
  "connect-src 'self' " + list(csp.connectDomains),
  "img-src 'self' data: " + list(csp.resourceDomains),
  "frame-src " + (list(csp.frameDomains) || "'none'"),
  "base-uri " + (list(csp.baseUriDomains) || "'self'"),
].join('; ');

window.show = async ({ mcpUrl, token, tool, input, capabilities, hostContext }) => {
  const client = new Client({ name: 'app-host', version: '1' }, { versionNegotiation: { mode: { pin: '2026-07-28' } } });
  const requestInit = { headers: { authorization: 'Bearer ' + token } };
  await client.connect(new StreamableHTTPClientTransport(new URL(mcpUrl), { requestInit }));
  const { tools } = await client.listTools();
  const uri = getToolUiResourceUri(tools.find(({ name }) => name === tool));
  const { contents: [content] } = await client.readResource({ uri });

  const frame = document.querySelector('iframe');
  const bridge = new AppBridge(client, { name: 'app-host', version: '1' }, capabilities, { hostContext });
  Object.assign(window, { bridge, said: [], context: [], faults: [] });
  window.addEventListener('message', ({ source, data }) => {
    if (source === frame.contentWindow) window.said.push(data);
  });
  bridge.onerror = ({ message }) => window.faults.push(message);
  bridge.onsizechange = ({ height }) => { frame.style.height = height + 'px'; };
  bridge.onupdatemodelcontext = async (update) => { window.context.push(update); return {}; };
  const initialized = new Promise((resolve) => { bridge.oninitialized = resolve; });
  await bridge.connect(new PostMessageTransport(frame.contentWindow, frame.contentWindow));
  const meta = '<meta http-equiv="Content-Security-Policy" content="' + policy(content._meta?.ui?.csp) + '">';
  frame.srcdoc = content.text.replace('<head>', '<head>' + meta);
  await initialized;
  await bridge.sendToolInput({ arguments: input });
  await bridge.sendToolResult(await client.callTool({ name: tool, arguments: input }));
};
`;

const hostPage = `<!doctype html><meta charset="utf-8"><title>Host</title>
<style>body { margin: 0 } iframe { display: block; width: 100%; height: 0; border: 0 }</style>
<iframe title="App" sandbox="allow-scripts"></iframe><script src="/host.js"></script>`;

/** A web server that has the host's page. Pages of this machine may call the MCP endpoint. */
export async function startAppHost(): Promise<{ readonly url: string; readonly stop: () => void }> {
  const stdin = { contents: hostScript, resolveDir: root };
  const { outputFiles } = await build({ stdin, bundle: true, write: false, format: 'iife', platform: 'browser' });
  const site = createServer(({ url }, response) => {
    const isScript = url === '/host.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? outputFiles[0]?.contents : hostPage);
  }).listen(0);
  await once(site, 'listening');
  return {
    url: `http://localhost:${(site.address() as AddressInfo).port}/`,
    stop: () => {
      site.closeAllConnections();
      site.close();
    },
  };
}

/** What the app's host is asked to show, and what it says it can do. */
type Showing = {
  readonly hostUrl: string;
  readonly issuer: string;
  readonly token: string;
  readonly tool: string;
  readonly input?: object;
  readonly capabilities?: object;
  readonly hostContext?: object;
  readonly browser?: BrowserContextOptions;
  /** What time it is for the person. */
  readonly at?: string;
};

/** An app as a person sees it, and what its host notices. */
export type ShownApp = {
  readonly page: Page;
  readonly app: FrameLocator;
  /** What the consoles complained of. */
  readonly complaints: readonly string[];
  /** Every address that the app's document asked for. */
  readonly fetched: readonly string[];
  /** What the host's page keeps: the messages of the app, its updates for the model, and the host's own complaints. */
  readonly kept: <T = unknown>(name: 'said' | 'context' | 'faults') => Promise<readonly T[]>;
  /** Has the host's side of the protocol tell the app something. */
  readonly tell: (method: keyof AppBridge, params: object) => Promise<unknown>;
  readonly close: () => Promise<void>;
};

/** Shows the app of a tool with the answer of a real call. */
export async function showApp(chrome: Browser, showing: Showing): Promise<ShownApp> {
  const { hostUrl, issuer, at, browser = {}, input = {}, hostContext = {}, ...asked } = showing;
  const context = await chrome.newContext(browser);
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  if (at) await page.clock.setFixedTime(at);
  const complaints = complaintsOf(page);
  await page.goto(hostUrl);
  const fetched: string[] = [];
  page.on('request', (request) => {
    if (request.frame() !== page.mainFrame()) fetched.push(request.url());
  });
  const capabilities = asked.capabilities ?? { serverTools: {}, updateModelContext: { text: {} } };
  const shown = { ...asked, mcpUrl: `${issuer}/mcp`, input, hostContext, capabilities };
  await page.evaluate(`show(${JSON.stringify(shown)})`);
  return {
    page,
    app: page.frameLocator('iframe'),
    complaints,
    fetched,
    kept: (name) => page.evaluate(`window.${name}`),
    tell: (method, params) => page.evaluate(`bridge.${method}(${JSON.stringify(params)})`),
    close: () => context.close(),
  };
}
