import { randomInt } from 'node:crypto';
import type { Role } from '#core/oauth/permission.ts';
import { machineSubject } from '#core/oauth/principal.ts';
import type { Client } from '#core/oauth/types.ts';
import { type Person, personKey } from './people.ts';
import { commit, type Key, type Write } from './table.ts';
import { joining } from './tenants.ts';

const LARGEST_ERA = 2 ** 40;

/** Where a machine stands in the list of its tenant. */
function listKey(tenant: string, clientId: string): Key {
  return { pk: `TENANT#${tenant}`, sk: `MACHINE#${clientId}` };
}

/**
 * Gives a client that acts for itself what decides whether it may, as a person has it: tenant, role and era. The era
 * begins at random, so that nothing counts that a client of the same id had before.
 */
export function addedMachine({ id, machine, registeredAt }: Client, role: Role = 'member'): Write[] {
  if (!machine) return [];
  const { tenant } = machine;
  const subject = machineSubject(id);
  const profile: Person = { subject, tenant, role, createdAt: registeredAt, era: randomInt(1, LARGEST_ERA) };
  return [
    { ...personKey(subject), put: profile },
    { ...listKey(tenant, id), put: { since: registeredAt } },
    joining(tenant),
  ];
}

/** Takes it back: nothing that the machine was given counts from then on. */
export function removedMachine({ id, machine }: Client): Write[] {
  if (!machine) return [];
  const condition = 'attribute_exists(pk)';
  return [
    { ...personKey(machineSubject(id)), remove: true, condition },
    { ...listKey(machine.tenant, id), remove: true, condition },
  ];
}

/** Keeps a machine from acting, or lets it again. Nothing from before counts either way. True if it was otherwise. */
export async function setDisabled(clientId: string, disabledAt: number | undefined, audit: Write): Promise<boolean> {
  const subject = machineSubject(clientId);
  const isDisabling = disabledAt !== undefined;
  const change: Write = {
    ...personKey(subject),
    change: isDisabling ? 'SET disabledAt = :at ADD era :one' : 'REMOVE disabledAt ADD era :one',
    condition: `attribute_exists(pk) AND ${isDisabling ? 'attribute_not_exists' : 'attribute_exists'}(disabledAt)`,
    values: { ':one': 1, ':at': disabledAt },
  };
  return (await commit([change, audit])).done;
}
