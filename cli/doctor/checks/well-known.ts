import { type Check, Fault, type Group, must } from '../check.ts';
import { type Deployment, json } from '../deployment.ts';

/** Where clients look for what they need to know. RFC 8414 §3, RFC 9728 §3. */
export const paths = {
  resource: '/.well-known/oauth-protected-resource',
  resourceOfMcp: '/.well-known/oauth-protected-resource/mcp',
  server: '/.well-known/oauth-authorization-server',
  serverOfMcp: '/.well-known/oauth-authorization-server/mcp',
  openid: '/.well-known/openid-configuration',
  keys: '/.well-known/jwks.json',
} as const;

export const allPaths = Object.values(paths);
/** The clients that verify tokens may keep the keys for as long, and a change of keys waits for it. */
const LONGEST_CACHE_SECONDS = 300;

const untouched = 'Have what stands before the API, such as a CDN, pass this path on and leave the answer as it is.';
const remedy =
  'The Discovery function answers this path: compare the address with the output McpUrl of the stack, without the name ' +
  'of a stage or anything else before the path, and look into its log.';

/** That the documents are where clients look. */
export const wellKnown: Group = {
  title: 'Well-known documents',
  checks: [
    ...allPaths.map(documentCheck),
    {
      name: 'cache of the documents',
      proves: `each may be kept by everybody, for ${LONGEST_CACHE_SECONDS} seconds at most`,
      remedy: `${untouched} A change of signing keys waits no longer than that.`,
      run: (deployment) =>
        ofEach(allPaths, async (path) => {
          const { status, headers } = await deployment.read(path);
          if (status !== 200) return;
          const value = headers.get('cache-control') ?? '';
          const maxAge = Number(/\bmax-age=(\d+)/.exec(value)?.[1]);
          must(
            /\bpublic\b/.test(value) && maxAge > 0 && maxAge <= LONGEST_CACHE_SECONDS,
            `cache-control is "${value}"`,
          );
        }),
    },
    {
      name: 'HEAD of the documents',
      proves: 'HEAD is answered as GET is, RFC 9110 §9.3.2',
      remedy: untouched,
      run: (deployment) =>
        ofEach(allPaths, async (path) => {
          const [head, get] = await Promise.all([deployment.request(path, { method: 'HEAD' }), deployment.read(path)]);
          must(head.status === get.status, `the status is ${head.status}`);
          for (const name of ['content-type', 'cache-control'])
            must(head.headers.get(name) === get.headers.get(name), `${name} is another one`);
        }),
    },
    {
      name: 'same resource metadata',
      proves: 'the metadata of the resource is the same at the root and below it',
      remedy: untouched,
      run: async (deployment) => {
        await mustSaySame(deployment, paths.resourceOfMcp, [paths.resource]);
      },
    },
    {
      name: 'same server metadata',
      proves: 'the metadata of the authorization server is the same wherever clients look for it',
      remedy: untouched,
      run: async (deployment) => {
        await mustSaySame(deployment, paths.server, [paths.serverOfMcp, paths.openid]);
      },
    },
    {
      name: 'unknown paths',
      proves: 'what is not there is a 404 in JSON, so that no client takes a page for an answer',
      remedy: `${untouched} A custom error page of a CDN must be off.`,
      run: (deployment) =>
        ofEach(['/.well-known/nothing', '/mcp/.well-known/oauth-authorization-server', '/nothing'], async (path) => {
          const answer = await deployment.request(path);
          must(answer.status === 404, `the status is ${answer.status}`);
          json(answer);
        }),
    },
  ],
};

function documentCheck(path: string): Check {
  return {
    name: `GET ${path}`,
    proves: 'it is a JSON object, with no redirect on the way to it',
    remedy,
    run: async (deployment) => {
      const answer = await deployment.read(path);
      const location = answer.headers.get('location');
      must(location === null, `it redirects to ${location}`, `${untouched} Clients follow no redirect here.`);
      must(answer.status === 200, `the status is ${answer.status}`);
      json(answer);
    },
  };
}

/** Holds the other documents to say what the first does. What OpenID Connect requires beside it may be added to that. */
async function mustSaySame(deployment: Deployment, first: string, others: readonly string[]): Promise<void> {
  const expected = await deployment.document(first);
  await ofEach(others, async (path) => {
    const said = await deployment.document(path);
    const compared = Object.keys(path === paths.openid ? expected : { ...expected, ...said });
    const different = compared.find((name) => JSON.stringify(said[name]) !== JSON.stringify(expected[name]));
    must(different === undefined, `${different} differs from ${first}`);
  });
}

/** Examines each of several paths. A fault names the path that it is found at. */
async function ofEach(all: readonly string[], examine: (path: string) => Promise<void>): Promise<void> {
  const named = (path: string) => (error: unknown) => {
    throw error instanceof Fault ? new Fault(`${path}: ${error.message}`, error.remedy) : error;
  };
  await Promise.all(all.map((path) => examine(path).catch(named(path))));
}
