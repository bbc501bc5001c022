import * as z from 'zod/mini';
import { newId } from '#core/oauth/digest.ts';
import { excludeEachOther, type Trust, trustKinds } from '#core/oauth/trust.ts';
import { addTrust as addStored, knownIssuer, mostTrusts, trustsOf } from '#core/store/trusts.ts';
import { scopes } from '#generated';
import { role, tenantId } from '../inputs.ts';
import { adminChange, type Operation, overtaken, parsed, refused } from '../operation.ts';
import { requireTenant } from '../tenants/known-tenant.ts';
import { described } from './described.ts';

const ID_LENGTH = 12;
const MOST_CLAIMS = 10;

const address = z
  .string()
  .check(z.maxLength(1_000), z.refine(isAddress, 'It must be an https address without a query'));
const text = z.string().check(z.minLength(1), z.maxLength(1_000));
const scopeNames = scopes.map(({ name }) => name);

const addition = z.strictObject(
  {
    id: tenantId,
    issuer: address,
    kind: z._default(z.enum(trustKinds), 'id-jag'),
    claims: z._default(z.record(text, text), {}),
    scopes: z.optional(
      z.array(
        z.enum(scopeNames, { error: ({ input }) => `There is no scope ${input}; there are ${scopeNames.join(', ')}` }),
      ),
    ),
    role: z.optional(role),
    jwks_uri: z.optional(address),
    is_reusable: z._default(z.boolean(), false),
  },
  'The input must be an object',
);
type Addition = z.output<typeof addition>;

/** Plain http is for trying things out on this machine. The code that fetches keys decides if it is allowed. */
function isAddress(text: string): boolean {
  const url = URL.parse(text);
  if (!url || url.search || url.hash || url.username || url.password) return false;
  return (
    url.protocol === 'https:' || (url.protocol === 'http:' && /^(127\.\d+\.\d+\.\d+|localhost)$/.test(url.hostname))
  );
}

/** Adds a trust, disabled at first. No token may ever match two trusts. */
export async function addTrust(operation: Operation): Promise<object> {
  const wanted = parsed(addition, operation.input);
  requireSense(wanted);
  await requireTenant(wanted.id, operation.now);
  const trust = trustOf(wanted, operation.now);
  const { trusts } = await knownIssuer(trust.issuer);
  if (trusts.length >= mostTrusts.ofIssuer)
    throw refused(`${trust.issuer} has ${trusts.length} trusts, and no room for more`);
  const own = await trustsOf(trust.tenant, operation.now);
  if (own.length >= mostTrusts.ofTenant)
    throw refused(`${trust.tenant} has ${own.length} trusts, and no room for more`);
  const rival = trusts.find((other) => !excludeEachOther(trust, other));
  if (rival)
    throw refused(
      `A token could be meant for the trust ${rival.id} of ${rival.tenant} too: give a claim another value than it has there (${shownClaims(rival)})`,
    );
  if (!(await addStored(trust, adminChange(operation, `${trust.id} in ${trust.tenant}`)))) throw overtaken(wanted.id);
  return described({ ...trust, disabledAt: operation.now });
}

function requireSense({ kind, claims, scopes, role, is_reusable }: Addition): void {
  const names = Object.keys(claims);
  if (names.length > MOST_CLAIMS) throw refused(`A trust has at most ${MOST_CLAIMS} claims`);
  if (kind === 'workload' && names.length === 0)
    throw refused('A workload needs a claim, such as sub or repository_id: an issuer has many customers');
  if (kind === 'workload' && !scopes?.length) throw refused('A workload needs the scopes that it may have');
  if (kind === 'id-jag' && is_reusable)
    throw refused('What vouches for a person serves once: --reusable is for workloads');
  if (kind === 'id-jag' && role !== undefined)
    throw refused('People have the role that they have in the tenant: tenants set-role changes it');
}

function trustOf(
  { id: tenant, issuer, kind, claims, scopes, role, jwks_uri, is_reusable }: Addition,
  now: number,
): Trust {
  return {
    id: newId().slice(0, ID_LENGTH),
    tenant,
    kind,
    issuer,
    claims,
    isReusable: is_reusable,
    createdAt: now,
    ...(scopes && { scopes }),
    ...(role && { role }),
    ...(jwks_uri && { jwksUri: jwks_uri }),
  };
}

function shownClaims({ claims }: Trust): string {
  const all = Object.entries(claims).map(([name, value]) => `${name}=${value}`);
  return all.length > 0 ? all.join(', ') : 'it asks for none';
}
