import { randomInt } from 'node:crypto';
import type { Request } from '#core/http/request.ts';
import type { Response } from '#core/http/response.ts';
import { networkOf } from '#core/http/source.ts';
import { unauthorized } from '#core/http/unauthorized.ts';
import { issuer, mcpUrl } from '#core/issuer.ts';
import { publicKeys } from '#core/keys/public-keys.ts';
import { networkRates } from '#core/network-rates.ts';
import { tooManyRequests } from '#core/oauth/error.ts';
import { accessTokenVerifier } from '#core/oauth/verify-access-token.ts';
import { callsOf, callsUnder } from '#core/person-rates.ts';
import { contextIn, contextLookups, holds } from '#core/store/grant-context.ts';
import { hidden } from '#core/store/hidden.ts';
import { count, giveBack, type Rate } from '#core/store/rates.ts';
import { findAll } from '#core/store/table.ts';
import { policyOf } from '#core/store/tenants.ts';
import type { TenantPolicy } from '#generated';
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
export async function admitGrant(token: string, request: Request, time: ComputingTime): Promise<GrantAdmission> {
  const { now } = request;
  const access = await verifyAccessToken(token, { issuer, resource: mcpUrl, now });
  if (!access) return { refusal: unauthorized('The access token is not valid or has expired') };
  const { subject, tenant, grantId, clientId, scopes } = access;
  const read = readMessage(request);
  const weight = 'refusal' in read ? 1 : weightOf(read.message);
  const ofPerson = callsOf(subject, weight);
  const admitting = Promise.all([
    findAll(contextLookups(access), now),
    count([callsUnder({ subject, id: grantId }), ofPerson], now),
  ]);
  const early = 'refusal' in read ? undefined : runEarly(access, read.message, request, time);
  const [found, waitSeconds] = await admitting;
  const context = contextIn(found);
  const isHeld = holds(context, now);
  if (!isHeld || waitSeconds !== undefined) holdBack(access, now);
  if (!isHeld) {
    if (waitSeconds === undefined) await giveBack(ofPerson, now);
    return { refusal: unauthorized('The access was ended; sign in again') };
  }
  if (waitSeconds !== undefined) throw tooManyRequests(waitSeconds);
  const policy = policyOf(tenant, context.policy);
  const standing = { role: context.person?.role ?? 'member', policy } as const;
  const hasRoom = countForTenant(tenant, policy, now);
  hasRoom.catch(() => 'whoever waits for it hears of it');
  return { caller: { principal: { subject, tenant }, standing, scopes, clientId, grantId, hasRoom }, read, early };
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
