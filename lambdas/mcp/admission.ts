import { randomInt } from 'node:crypto';
import type { Request } from '#core/http/request.ts';
import type { Response } from '#core/http/response.ts';
import { networkOf } from '#core/http/source.ts';
import { unauthorized } from '#core/http/unauthorized.ts';
import { issuer, mcpUrl } from '#core/issuer.ts';
import { publicKeys } from '#core/keys/public-keys.ts';
import { networkRates } from '#core/network-rates.ts';
import type { ShownToken } from '#core/oauth/challenge.ts';
import { tooManyRequests } from '#core/oauth/error.ts';
import { accessTokenVerifier } from '#core/oauth/verify-access-token.ts';
import { callsOf, callsUnder } from '#core/person-rates.ts';
import { usedProof } from '#core/proof.ts';
import { contextIn, contextLookups, holds } from '#core/store/grant-context.ts';
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
import { weightOf } from './weight.ts';

const MOST_SHARDS = 16;
const CALLS_A_MINUTE_PER_SHARD = 1_000;
const verifyAccessToken = accessTokenVerifier(publicKeys);

type Admission = { readonly caller: Caller } | { readonly refusal: Response };
/** The message is read once it is known who sent it, as what it asks for decides as how many calls it counts. */
type GrantAdmission =
  | { readonly caller: Caller; readonly read: ReturnType<typeof readMessage>; readonly early: EarlyRun | undefined }
  | { readonly refusal: Response };

/**
 * Admits a caller with an access token of a grant that holds now, as often as the limits of the grant and of its person
 * allow. RFC 6750 §2.1. What an ended grant has counted is taken back from its person, or an old token could use up their
 * calls.
 */
export async function admitGrant(shown: ShownToken, request: Request, time: ComputingTime): Promise<GrantAdmission> {
  const { now } = request;
  const { scheme } = shown;
  const access = await verifyAccessToken(shown.token, { issuer, resource: mcpUrl, now });
  if (!access) return { refusal: unauthorized('The access token is not valid or has expired', { scheme }) };
  const binding = await bindingOf(shown, access, request);
  if ('refusal' in binding) return binding;
  const { key } = binding;
  const { subject, tenant, grantId, clientId, scopes } = access;
  const read = readMessage(request);
  const weight = 'refusal' in read ? 1 : weightOf(read.message);
  const ofPerson = callsOf(subject, weight);
  const ofGrant = callsUnder({ subject, id: grantId });
  const admitting = Promise.all([
    findAll(contextLookups(access), now),
    count([ofGrant, ofPerson], now),
    key ? key.take() : true,
  ]);
  const early = 'refusal' in read ? undefined : runEarly(access, read.message, request, time);
  const [found, waitSeconds, isFirst] = await admitting;
  const context = contextIn(found);
  const isHeld = holds(context, now);
  if (!isHeld || waitSeconds !== undefined || !isFirst) holdBack(access, now);
  if (key && !isFirst) {
    if (waitSeconds === undefined) await Promise.all([ofGrant, ofPerson].map((rate) => giveBack(rate, now)));
    return unproven(usedProof(key));
  }
  if (!isHeld) {
    if (waitSeconds === undefined) await giveBack(ofPerson, now);
    return { refusal: unauthorized('The access was ended; sign in again', { scheme }) };
  }
  if (waitSeconds !== undefined) throw tooManyRequests(waitSeconds);
  const policy = policyOf(tenant, context.policy);
  if (policy.dpop === 'required' && !key) return unbound('The tenant');
  const standing = { role: context.person?.role ?? 'member', policy } as const;
  const hasRoom = countForTenant(tenant, policy, now);
  hasRoom.catch(() => 'whoever waits for it hears of it');
  const bound = { isBound: key !== undefined, nonce: key?.nonce };
  const caller = { principal: { subject, tenant }, standing, scopes, clientId, grantId, ...bound, hasRoom };
  return { caller, read, early };
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
  return { caller: { principal, standing, scopes: [], hasRoom: Promise.resolve() } };
}
