import * as z from 'zod/mini';
import type { Windows } from '#core/limits.ts';
import { type Restrictions, replacePolicy } from '#core/store/operator-tenants.ts';
import type { Tenant } from '#core/store/tenants.ts';
import { scopes, tools } from '#generated';
import { tenantId } from '../inputs.ts';
import { adminChange, type Operation, overtaken, parsed, refused } from '../operation.ts';
import { described, requireTenant } from './known-tenant.ts';

const count = z
  .int('A number of calls must be a whole number')
  .check(z.minimum(1, 'A number of calls must be at least 1'));

/** Names of things that exist. Null takes the restriction away. */
function namesOf(things: readonly { readonly name: string }[], what: string) {
  const known = things.map(({ name }) => name);
  const isKnown = z.refine<string>((name) => known.includes(name), {
    error: ({ input }) => `There is no ${what} ${input}; there are ${known.join(', ')}`,
  });
  const some = z.array(z.string().check(isKnown)).check(z.minLength(1, `Name at least one ${what}`));
  return z.optional(z.nullable(some));
}

const callLimits = z
  .strictObject({ minute: z.optional(count), hour: z.optional(count) })
  .check(z.refine((limits) => Object.keys(limits).length > 0, 'Say how many calls, a minute or an hour'));

const shape = z.strictObject(
  {
    id: tenantId,
    tools: namesOf(tools, 'tool'),
    scopes: namesOf(scopes, 'scope'),
    calls: z.optional(z.nullable(callLimits)),
    dpop: z.optional(z.nullable(z.literal('required', 'dpop must be required, or null'))),
  },
  'The input must be an object',
);
type Changes = Omit<z.output<typeof shape>, 'id'>;

/** Changes what a tenant's people may use, from their next call on. What is not named stays as it is. */
export async function changePolicy(operation: Operation): Promise<object> {
  const { id, ...changes } = parsed(shape, operation.input);
  if (Object.keys(changes).length === 0) throw refused('Say what to change: tools, scopes, calls or dpop');
  const tenant = await requireTenant(id, operation.now);
  const policy = changed(tenant, changes);
  const audit = adminChange({ ...operation, command: `${operation.command} ${JSON.stringify(changes)}` }, id);
  if (!(await replacePolicy(tenant, policy, audit))) throw overtaken(id);
  return described({ ...tenant, ...policy });
}

function changed(known: Tenant, { tools, scopes, calls, dpop }: Changes): Restrictions {
  return {
    provider: known.provider,
    tools: tools === undefined ? known.tools : (tools ?? undefined),
    scopes: scopes === undefined ? known.scopes : (scopes ?? undefined),
    calls: calls === undefined ? known.calls : calls === null ? undefined : limits({ ...known.calls, ...calls }),
    dpop: dpop === undefined ? known.dpop : (dpop ?? undefined),
  };
}

function limits({ minute, hour }: z.output<typeof callLimits>): Windows {
  return { ...(minute !== undefined && { minute }), ...(hour !== undefined && { hour }) };
}
