import { randomInt } from 'node:crypto';
import type { Request } from '#core/http/request.ts';
import type { Response } from '#core/http/response.ts';
import { networkOf } from '#core/http/source.ts';
import { unauthorized } from '#core/http/unauthorized.ts';
import { issuer, mcpUrl } from '#core/issuer.ts';
import { publicKeys } from '#core/keys/public-keys.ts';
import { networkRates } from '#core/network-rates.ts';
import type { AccessToken } from '#core/oauth/access-token.ts';
import type { ShownToken } from '#core/oauth/challenge.ts';
import { tooManyRequests } from '#core/oauth/error.ts';
import { accessTokenVerifier } from '#core/oauth/verify-access-token.ts';
import { callsOf, callsUnder } from '#core/person-rates.ts';
import { type ProvenKey, usedProof } from '#core/proof.ts';
import { contextIn, contextLookups, type GrantContext, holds } from '#core/store/grant-context.ts';
import { hidden } from '#core/store/hidden.ts';
import { count, giveBack, type Rate } from '#core/store/rates.ts';
import { findAll } from '#core/store/table.ts';
import { policyOf } from '#core/store/tenants.ts';
import type { TenantPolicy } from '#generated';
import { bindingOf, unbound, unproven } from './binding.ts';
import type { Caller } from './caller.ts';
import type { ComputingTime } from './computing-time.ts';
import { type EarlyRun, holdBack, runEarly } from './early-run.ts';
import type { Message } from './message.ts';
import { isOpenToAll } from './open-to-all.ts';
import { readMessage } from './read-message.ts';
import { remembering } from './verified-tokens.ts';
import { weightOf } from './weight.ts';

const MOST_SHARDS = 16;
const CALLS_A_MINUTE_PER_SHARD = 1_000;
const verifyAccessToken = remembering(accessTokenVerifier(publicKeys));

/** Who may call, and whether their tenant has room for the call: that fails when it has made too many. */
type Admitted = { readonly caller: Caller; readonly room: Promise<void> };
type Admission = Admitted | { readonly refusal: Response };
/** The message is read once it is known who sent it, as what it asks for decides as how many calls it counts. */
type GrantAdmission =
  | (Admitted & { readonly read: ReturnType<typeof readMessage>; readonly early: EarlyRun | undefined })
  | { readonly refusal: Response };

/** What is known of somebody with a valid token once all was read and counted at the same time. */
type Gathered = {
  readonly access: AccessToken;
  readonly key: ProvenKey | undefined;
  readonly context: GrantContext;
  /** What the call counts against. */
  readonly ofGrant: Rate;
  readonly ofPerson: Rate;
  /** How long to wait, if a limit is reached: nothing was counted then. */
  readonly waitSeconds: number | undefined;
  /** False if the proof of the key was used before. */
  readonly isFirst: boolean;
};

type Verdict = 'admitted' | Refused;
type Refused = 'used proof' | 'ended' | 'not bound' | { readonly waitSeconds: number };

/**
 * Admits a caller with an access token of a grant that holds now, as often as the limits of the grant and of its person
 * allow. RFC 6750 §2.1.
 */
export async function admitGrant(shown: ShownToken, request: Request, time: ComputingTime): Promise<GrantAdmission> {
  const { now } = request;
  const { scheme } = shown;
  const access = await verifyAccessToken(shown.token, { issuer, resource: mcpUrl, now });
  if (!access) return { refusal: unauthorized('The access token is not valid or has expired', { scheme }) };
  const binding = await bindingOf(shown, access, request);
  if ('refusal' in binding) return binding;
  const read = readMessage(request);
  const gathering = gather(access, binding.key, { weight: 'refusal' in read ? 1 : weightOf(read.message), now });
  const early = 'refusal' in read ? undefined : runEarly(access, read.message, request, time);
  const gathered = await gathering;
  const verdict = verdictOf(gathered, now);
  if (verdict === 'admitted') return { ...admitted(gathered, now), read, early };
  return { refusal: await refuse(verdict, gathered, { scheme, now }) };
}

async function gather(
  access: AccessToken,
  key: ProvenKey | undefined,
  { weight, now }: { readonly weight: number; readonly now: number },
): Promise<Gathered> {
  const { subject, grantId } = access;
  const ofPerson = callsOf(subject, weight);
  const ofGrant = callsUnder({ subject, id: grantId });
  const [found, waitSeconds, isFirst] = await Promise.all([
    findAll(contextLookups(access), now),
    count([ofGrant, ofPerson], now),
    key ? key.take() : true,
  ]);
  return { access, key, context: contextIn(found), ofGrant, ofPerson, waitSeconds, isFirst };
}

/** What was used before or has ended is told before how long to wait. */
function verdictOf({ access, key, context, waitSeconds, isFirst }: Gathered, now: number): Verdict {
  if (!isFirst) return 'used proof';
  if (!holds(context, now)) return 'ended';
  if (waitSeconds !== undefined) return { waitSeconds };
  return policyOf(access.tenant, context.policy).dpop === 'required' && !key ? 'not bound' : 'admitted';
}

/**
 * Refuses a caller. What a used proof counted is given back, and what an ended grant counted to its person, or an old
 * token could use up their calls.
 */
async function refuse(
  verdict: Refused,
  { access, key, ofGrant, ofPerson, waitSeconds }: Gathered,
  { scheme, now }: Pick<ShownToken, 'scheme'> & { readonly now: number },
): Promise<Response> {
  const isCounted = waitSeconds === undefined;
  if (verdict === 'not bound') return unbound('The tenant').refusal;
  holdBack(access, now);
  if (verdict === 'used proof') {
    if (isCounted) await Promise.all([ofGrant, ofPerson].map((rate) => giveBack(rate, now)));
    return unproven(usedProof({ nonce: key?.nonce })).refusal;
  }
  if (verdict !== 'ended') throw tooManyRequests(verdict.waitSeconds);
  if (isCounted) await giveBack(ofPerson, now);
  return unauthorized('The access was ended; sign in again', { scheme });
}

function admitted({ access, key, context }: Gathered, now: number): Admitted {
  const { subject, tenant, grantId, clientId, scopes } = access;
  const policy = policyOf(tenant, context.policy);
  const room = countForTenant(tenant, policy, now);
  room.catch(() => 'the exchange waits for it, and throws it');
  const standing = { role: context.person?.role ?? 'member', policy } as const;
  const bound = { isBound: key !== undefined, nonce: key?.nonce };
  return { caller: { principal: { subject, tenant }, standing, scopes, clientId, grantId, ...bound }, room };
}

/**
 * Counts the call against its tenant's limit, in one of several counters, so that a large tenant heats no partition.
 * It is not waited for here: nothing is written before it is known.
 */
async function countForTenant(tenant: string, { calls = {} }: TenantPolicy, now: number): Promise<void> {
  const perMinute = Math.max(calls.minute ?? 0, (calls.hour ?? 0) / 60);
  const shards = Math.min(MOST_SHARDS, Math.max(1, Math.ceil(perMinute / CALLS_A_MINUTE_PER_SHARD)));
  const share = Object.fromEntries(Object.entries(calls).map(([window, most]) => [window, Math.ceil(most / shards)]));
  const rate: Rate = { limit: 'callsPerTenant', subject: `${tenant}#${randomInt(shards)}`, windows: share };
  const waitSeconds = await count([rate], now);
  if (waitSeconds !== undefined) throw tooManyRequests(waitSeconds);
}

/**
 * Admits a caller without a token, to what is public, as often as the limit of its network allows. Being sent to sign
 * in counts for nothing: somebody who shares a network with many must still be able to.
 */
export async function admitAnyone(message: Message, request: Request): Promise<Admission> {
  if (!isOpenToAll(message)) return { refusal: unauthorized() };
  const waitSeconds = await count(networkRates('publicCallsPerIp', request), request.now);
  if (waitSeconds !== undefined) throw tooManyRequests(waitSeconds);
  const principal = { subject: await hidden('network', networkOf(request)), tenant: 'public' };
  const standing = { role: 'member', policy: {} } as const;
  return { caller: { principal, standing, scopes: [] }, room: Promise.resolve() };
}
