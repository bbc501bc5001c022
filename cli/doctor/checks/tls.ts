import { isIP } from 'node:net';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { isBelowLocalhost, thisMachine } from '../../shared/loopback.ts';
import { type Check, Fault, must, NotChecked } from '../check.ts';
import type { Deployment } from '../deployment.ts';

const FEWEST_DAYS = 14;
const SHORTEST_HSTS_SECONDS = 365 * 86_400;
const LONGEST_WAIT_MILLISECONDS = 3_000;

/** That nobody between the client and the server reads along. */
export const tlsChecks: readonly Check[] = [
  {
    name: 'TLS certificate',
    proves: `the certificate is valid for the name, by an authority that this machine trusts, for ${FEWEST_DAYS} days more`,
    remedy:
      'A certificate of ACM renews itself while its DNS record is there: look at it in the ACM console, in the region of ' +
      'the stack. The address that API Gateway gives needs none of yours.',
    run: overTls(async (deployment, origin) => {
      const socket = await handshake(origin, deployment, { rejectUnauthorized: false }).catch(withoutTls);
      const { valid_to } = socket.getPeerCertificate();
      const { authorized, authorizationError } = socket;
      socket.destroy();
      must(authorized, `it is not trusted: ${String(authorizationError)}`);
      const days = Math.floor((Date.parse(valid_to) - Date.now()) / 86_400_000);
      must(days >= FEWEST_DAYS, `it is valid for ${days} days more`);
      return `${days} days left`;
    }),
  },
  {
    name: 'TLS versions',
    proves: 'TLS 1.2 or later is spoken, and nothing earlier',
    remedy: 'Set the security policy of the custom domain, or of what stands before it, to TLS_1_2.',
    run: overTls(async (deployment, origin) => {
      // Node itself refuses these unless told otherwise.
      const dated = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
      const accepted = await protocol(origin, deployment, dated).catch(() => undefined);
      must(accepted === undefined, `${accepted} is accepted`);
      return await protocol(origin, deployment, { minVersion: 'TLSv1.2' }).catch(withoutTls);
    }),
  },
  {
    name: 'HSTS',
    proves: 'Strict-Transport-Security holds browsers to https for a year or longer',
    remedy: 'The Lambdas send it on every answer: let what stands before the API pass it.',
    run: overTls(async (deployment, origin) => {
      const value = (await deployment.request(`${origin}/healthz`)).headers.get('strict-transport-security');
      must(value !== null, 'Strict-Transport-Security is missing');
      const maxAge = Number(/\bmax-age="?(\d+)/i.exec(value)?.[1]);
      must(maxAge >= SHORTEST_HSTS_SECONDS, `Strict-Transport-Security is "${value}"`);
    }),
  },
  {
    name: 'plain http',
    proves: 'http is refused, or leads to https',
    remedy:
      'Close port 80 of what stands before the API, or have it redirect to https. API Gateway itself does not listen.',
    run: overTls(async (deployment, origin) => {
      const url = new URL('/healthz', origin.replace(/^https:/, 'http:'));
      const signal = AbortSignal.timeout(LONGEST_WAIT_MILLISECONDS);
      const answer = await deployment.request(url.href, { signal }).catch((error: unknown) => {
        if (error instanceof NotChecked) throw error;
        return undefined;
      });
      if (!answer || answer.status >= 400) return answer ? `refused with ${answer.status}` : 'refused';
      const location = answer.headers.get('location');
      must(location?.startsWith('https:') ?? false, `http is answered with ${answer.status}`);
      return 'redirected';
    }),
  },
];

type OfHost = (deployment: Deployment, origin: string) => ReturnType<Check['run']>;

/** A check of each host, which makes no sense for what runs on this machine. A fault of one of two says whose it is. */
function overTls(run: OfHost): Check['run'] {
  return async (deployment) => {
    if (deployment.isPlain) throw new NotChecked('this server is on this machine, over http');
    const { origins } = deployment;
    const found = [];
    for (const origin of origins)
      found.push(
        await run(deployment, origin).catch((error: unknown) => {
          if (origins.length === 1 || !(error instanceof Fault)) throw error;
          throw new Fault(`${origin}: ${error.message}`, error.remedy);
        }),
      );
    return found.filter((one) => one !== undefined).join(', ') || undefined;
  };
}

function withoutTls(): never {
  throw new NotChecked('needs a server that speaks TLS');
}

/** The version that is agreed on. Rejects when there is none. */
async function protocol(origin: string, deployment: Deployment, options: ConnectionOptions): Promise<string> {
  const socket = await handshake(origin, deployment, { ...options, rejectUnauthorized: false });
  const version = socket.getProtocol() ?? 'an unknown version';
  socket.destroy();
  return version;
}

async function handshake(origin: string, { options: { limitSeconds } }: Deployment, options: ConnectionOptions) {
  const url = new URL(origin);
  const { hostname, port } = url;
  const host = hostname.replace(/^\[|\]$/g, '');
  const { promise, resolve, reject } = Promise.withResolvers<TLSSocket>();
  const name = isIP(host) ? {} : { servername: host };
  const place = {
    host,
    port: Number(port || 443),
    ...name,
    ...(isBelowLocalhost(url) && { lookup: thisMachine }),
  };
  const socket = connect({ ...place, ...options }, () => resolve(socket));
  socket.on('error', reject);
  socket.setTimeout(limitSeconds * 1_000, () => socket.destroy(new Error('the handshake takes too long')));
  return await promise;
}
