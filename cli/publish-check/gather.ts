import { randomUUID } from 'node:crypto';
import { type Check, type Group, NotChecked } from '../doctor/check.ts';
import { open } from '../doctor/checks/authorize.ts';
import { challenges } from '../doctor/checks/challenge.ts';
import { metadata } from '../doctor/checks/metadata.ts';
import { isOffered, register, registration, registrationIn, removal, remove } from '../doctor/checks/registration.ts';
import { server } from '../doctor/checks/server.ts';
import { begin, revocation, targetOf, tokenInAddress, tools } from '../doctor/checks/sign-in.ts';
import { paths, wellKnown } from '../doctor/checks/well-known.ts';
import { type Deployment, names } from '../doctor/deployment.ts';
import { examine } from '../doctor/examine.ts';
import { Failure, sentenceFor } from '../shared/failure.ts';
import { type About, askAbout, callTools, readWidgets, type Target } from '../shared/mcp.ts';
import { domainsOf } from './namespace.ts';
import type { Outside } from './outside.ts';
import { type Sample, type Trial, trialsOf } from './samples.ts';
import { addressesOf, type Fetched, type PageName, type Picture, pageNames, type Seen } from './seen.ts';

/** Where the clients have codes sent. OpenAI Apps SDK, Authentication; Claude, Connectors; VS Code, MCP; Cursor, MCP. */
const clientCallbacks = [
  'https://chatgpt.com/connector_platform_oauth_redirect',
  'https://chatgpt.com/connector/oauth/publish-check',
  'https://platform.openai.com/apps-manage/oauth',
  'https://claude.ai/api/mcp/auth_callback',
  'https://claude.com/api/mcp/auth_callback',
  'https://vscode.dev/redirect',
  'http://127.0.0.1:33418/',
  'http://localhost:3118/callback',
  'cursor://anysphere.cursor-mcp/oauth/callback',
  'https://www.cursor.com/agents/mcp/oauth/callback',
];
/** Where Claude Code and VS Code listen if the port that they registered is taken. RFC 8252 §7.3. */
const otherPorts = ['http://127.0.0.1:51789/', 'http://localhost:51789/callback'];
/** What a page asks first that wants the card by its tag. Fetch, CORS-preflight request. */
const preflight = {
  origin: 'https://inspector.example',
  'access-control-request-method': 'GET',
  'access-control-request-headers': 'content-type,if-none-match',
};
/** How many times the limit of one request all trials together may take. */
const MOST_TRIALS_IN_LIMITS = 6;
/** As long as ChatGPT may make it, and more. */
const LONG_STATE = 'state'.repeat(200);

type Gathering = {
  readonly deployment: Deployment;
  readonly settings: Seen['settings'];
  readonly before: Seen['before'];
  readonly interruption: AbortSignal;
  /** Takes secrets out of a text. */
  readonly masked: (text: string) => string;
  readonly txtOf: Outside['txtOf'];
};

/** Looks at everything that the checks judge, by doctor's own means, and leaves nothing behind. */
export async function gather({ deployment, settings, before, interruption, masked, txtOf }: Gathering): Promise<Seen> {
  let about: About | undefined;
  let widgets: Seen['widgets'];
  const asking: Check = {
    name: 'what the server says of itself',
    proves: 'it says its name and version',
    remedy: 'Look into the log of the Mcp function.',
    run: async () => {
      about = await askAbout(targetOf(deployment));
      widgets = await readWidgets(targetOf(deployment), deployment.connection.tools ?? []);
    },
  };
  let samples: Seen['samples'];
  const sampling: Check = {
    name: 'calls of tools',
    proves: 'tools that only read can be called',
    remedy: 'Look into the log of the Mcp function.',
    limitSeconds: ({ limitSeconds }) => limitSeconds * MOST_TRIALS_IN_LIMITS,
    run: async () => {
      const { connection } = deployment;
      samples = await sampled(targetOf(deployment), trialsOf(connection.tools ?? [], connection.scopes));
    },
  };
  const checksOfSignIn = [begin, tools, asking, sampling, tokenInAddress, revocation];
  const signingIn: Group = { title: 'Sign-in', checks: checksOfSignIn };
  const groups = [
    ...[server, wellKnown, metadata, challenges, registration],
    ...(deployment.options.signsIn ? [signingIn] : []),
    removal,
  ];
  const findings = await examine({ groups, deployment, interruption, masked, tell: () => undefined });
  if (interruption.aborted) throw new Failure('Interrupted, so nothing is known of the rest.');
  const look = (path: string, headers = {}) => fetched(path, () => deployment.request(path, { headers }));
  const cardPath = `${new URL(deployment.mcpUrl).pathname}/server-card`;
  const card = await look(cardPath);
  const etag = 'unreachable' in card ? null : card.headers.get('etag');
  const [cardAgain, cardPreflight, catalog, openaiProof, registryProof, nothing] = await Promise.all([
    look(cardPath, { 'if-none-match': etag ?? '"none"' }),
    fetched(cardPath, () => deployment.request(cardPath, { method: 'OPTIONS', headers: preflight })),
    look('/.well-known/ai-catalog.json'),
    look('/.well-known/openai-apps-challenge'),
    look('/.well-known/mcp-registry-auth', { accept: 'text/plain' }),
    look(`/.well-known/${randomUUID()}`),
  ]);
  const metadataSaid = await deployment.document(paths.server).catch(() => ({ scopes_supported: [] }));
  return {
    mcpUrl: deployment.mcpUrl,
    isLocal: deployment.isPlain,
    settings,
    findings,
    identity: about?.identity,
    instructions: about?.instructions,
    tools: deployment.options.signsIn ? toolsOf(deployment) : undefined,
    samples,
    widgets,
    before,
    scopes: names(metadataSaid.scopes_supported),
    card,
    cardAgain,
    cardPreflight,
    catalog,
    openaiProof,
    registryProof,
    nothing,
    icon: settings.listing?.icon === undefined ? undefined : await pictureAt('/brand/icon.png', deployment),
    favicon: await pictureAt('/favicon.ico', deployment),
    plainHttp: deployment.isPlain ? undefined : await fetchedPlainly(deployment),
    records: await recordsAt(domainsOf(settings.listing?.name ?? ''), txtOf),
    pages: await pagesOf(settings, deployment),
    callbacks: await tryCallbacks(deployment).catch(() => ({})),
  };
}

/** Makes the calls one after the other, and keeps what came of each. */
async function sampled(target: Target, trials: readonly Trial[]): Promise<readonly Sample[]> {
  const results = await callTools(target, trials);
  return trials.map((trial, at) => ({ ...trial, ...(results[at] ?? { failure: 'it was not called' }) }));
}

/** The tools, if the sign-in came so far. */
function toolsOf(deployment: Deployment): Seen['tools'] {
  try {
    return deployment.connection.tools;
  } catch (error) {
    if (error instanceof NotChecked) return undefined;
    throw error;
  }
}

async function fetched(
  address: string,
  fetch: () => Promise<Exclude<Fetched, { unreachable: string }>>,
): Promise<Fetched> {
  try {
    return await fetch();
  } catch (error) {
    return { unreachable: sentenceFor(error, address) };
  }
}

async function pagesOf(settings: Seen['settings'], { means: { wire }, options }: Deployment): Promise<Seen['pages']> {
  const addresses = addressesOf(settings);
  const pages = pageNames.map(async (name): Promise<[PageName, Fetched] | undefined> => {
    const address = addresses[name];
    if (!address?.startsWith('https:')) return undefined;
    const read = async () => {
      const { status, headers, body } = await wire(address, {
        signal: AbortSignal.timeout(options.limitSeconds * 1_000),
      });
      await body?.cancel();
      return { status, headers, text: '' };
    };
    return [name, await fetched(address, read)];
  });
  return Object.fromEntries((await Promise.all(pages)).filter((page) => page !== undefined));
}

/** A picture, with the size that a PNG says in its first chunk. PNG, Third Edition, §11.2.1. */
async function pictureAt(path: string, deployment: Deployment): Promise<Exclude<Seen['icon'], undefined>> {
  const { means, options } = deployment;
  try {
    const signal = AbortSignal.timeout(options.limitSeconds * 1_000);
    const response = await means.wire(deployment.urlOf(path), { redirect: 'manual', signal });
    const content = Buffer.from(await response.arrayBuffer());
    return { status: response.status, type: response.headers.get('content-type'), size: sizeOf(content) };
  } catch (error) {
    return { unreachable: sentenceFor(error, path) };
  }
}

function sizeOf(content: Buffer): Picture['size'] {
  const isPng = content.length > 24 && content.toString('latin1', 1, 4) === 'PNG';
  return isPng ? [content.readUInt32BE(16), content.readUInt32BE(20)] : undefined;
}

/** What the address gives without TLS. */
function fetchedPlainly({ means: { wire }, mcpUrl, options }: Deployment): Promise<Fetched> {
  const address = mcpUrl.replace(/^https:/, 'http:');
  return fetched(address, async () => {
    const signal = AbortSignal.timeout(options.limitSeconds * 1_000);
    const { status, headers, body } = await wire(address, { redirect: 'manual', signal });
    await body?.cancel();
    return { status, headers, text: '' };
  });
}

/** The TXT records of these domains. Undefined if they could not be read. */
async function recordsAt(domains: readonly string[], txtOf: Outside['txtOf']): Promise<Seen['records']> {
  const all = await Promise.all(domains.map(txtOf));
  return all.every((records) => records === undefined) ? undefined : all.flatMap((records) => records ?? []);
}

/** Begins a sign-in for each callback, as a client that has them all. Its registration is removed. */
async function tryCallbacks(deployment: Deployment): Promise<Seen['callbacks']> {
  if (!(await isOffered(deployment))) return undefined;
  const made = registrationIn(
    await register(deployment, {
      client_name: 'Vestibule publish-check',
      redirect_uris: clientCallbacks,
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    }),
    deployment,
  );
  try {
    const tried = [...clientCallbacks, ...otherPorts].map(async (redirect_uri) => {
      const asked = { client_id: made.clientId, redirect_uri, state: LONG_STATE };
      return [redirect_uri, (await open(deployment, asked)).status] as const;
    });
    return Object.fromEntries(await Promise.all(tried));
  } finally {
    await remove(made, deployment);
  }
}
