import { Resolver } from 'node:dns/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { optionalEnv } from '#core/env.ts';

const PATIENCE_MILLISECONDS = 300;
const TAKES_SECONDS = 600;
const TAKES_NOT_SECONDS = 60;
const MOST_KNOWN = 1_000;

const resolver = new Resolver({ timeout: 250, tries: 1 });
const server = optionalEnv('DNS_SERVER');
if (server) resolver.setServers([server]);

type Known = { readonly takesMail: boolean; readonly until: number };
const known = new Map<string, Known>();

/**
 * True unless the DNS says that a domain takes no mail: there is no such domain, it says so itself, or it has neither a
 * mail exchange nor an address. A DNS that does not answer in time says nothing. RFC 5321 §5.1, RFC 7505 §3.
 */
export async function takesMail(domain: string, now: number): Promise<boolean> {
  const remembered = known.get(domain);
  if (remembered && remembered.until > now) return remembered.takesMail;
  const answer = await Promise.race([look(domain), wait(PATIENCE_MILLISECONDS, undefined, { ref: false })]);
  if (answer === undefined) return true;
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(domain, { takesMail: answer, until: now + (answer ? TAKES_SECONDS : TAKES_NOT_SECONDS) });
  return answer;
}

/** Undefined when the DNS does not say. */
async function look(domain: string): Promise<boolean | undefined> {
  try {
    const exchanges = await resolver.resolveMx(domain);
    return exchanges.some(({ exchange }) => exchange !== '' && exchange !== '.');
  } catch (error) {
    const said = saidBy(error);
    return said === 'no such record' ? hasAddress(domain) : said === 'no such name' ? false : undefined;
  }
}

/** Without a mail exchange, mail goes to the domain's own address. */
async function hasAddress(domain: string): Promise<boolean | undefined> {
  const found = await Promise.allSettled([resolver.resolve4(domain), resolver.resolve6(domain)]);
  if (found.some(({ status }) => status === 'fulfilled')) return true;
  return found.every((one) => one.status === 'rejected' && saidBy(one.reason) !== undefined) ? false : undefined;
}

function saidBy(error: unknown): 'no such name' | 'no such record' | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOTFOUND') return 'no such name';
  return code === 'ENODATA' ? 'no such record' : undefined;
}
