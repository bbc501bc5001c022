import { beginMove, finishMove, type Mover, moveItems } from '#core/store/moves.ts';
import type { Move, Person } from '#core/store/people.ts';
import type { Write } from '#core/store/table.ts';
import { personalItems } from '#generated';
import { addressChange, type Operation, overtaken, refused } from '../operation.ts';
import { endGrants } from './end-grants.ts';

/**
 * A call that was let in just before its person was disabled may write as long as the MCP Lambda runs (25 s), and they
 * may be disabled as late as this Lambda's end (15 s) after the time that the operator's machine gave.
 */
const QUIET_SECONDS = 45;
/** How many transactions one invocation has time for. */
const MOST_STEPS = 10;

type Destination = Pick<Move, 'to' | 'role' | 'withItems'>;
type Resident = { readonly address: string; readonly person: Person };

/**
 * Takes a person to another tenant, as far as one invocation can: it says whether that is all, and else how long to
 * wait before the next. They are disabled meanwhile, and their grants end. It goes on wherever an earlier one ended.
 */
export async function relocate(resident: Resident, destination: Destination, operation: Operation): Promise<object> {
  const mover = await onTheMove(resident, destination, operation);
  const { person, address } = mover;
  const { tenant, moving } = person;
  const grants = await endGrants(person, operation);
  const progress = { address, from: tenant, to: moving.to, grants_ended: grants.ended };
  if (!grants.isDone) return { ...progress, done: false };
  const waitSeconds = moving.since + QUIET_SECONDS - operation.now;
  if (moving.withItems && waitSeconds > 0) return { ...progress, done: false, wait_seconds: waitSeconds };
  const items = moving.withItems ? await moveAllItems(person) : { moved: 0, isDone: true };
  if (!items.isDone) return { ...progress, items_moved: items.moved, done: false };
  const completed = { ...operation, command: `${operation.command}, completed` };
  if (!(await finishMove(mover, await wayOf(mover, completed)))) throw overtaken(address);
  return { ...progress, items_moved: items.moved, done: true };
}

async function onTheMove({ person, address }: Resident, to: Destination, operation: Operation): Promise<Mover> {
  const { tenant, disabledAt, moving } = person;
  if (moving) {
    requireSame(address, person, moving, to);
    return { address, person: { ...person, moving } };
  }
  if (to.to === tenant) throw refused(`${address} belongs to ${tenant} already`);
  const { now } = operation;
  const begun = { ...to, since: now, staysDisabled: disabledAt !== undefined };
  const mover = { address, person: { ...person, disabledAt: disabledAt ?? now, moving: begun } };
  if (!(await beginMove(mover, await wayOf(mover, operation)))) throw overtaken(address);
  return mover;
}

function requireSame(address: string, { tenant }: Person, moving: Move, { to, withItems }: Destination): void {
  if (moving.to === to && moving.withItems === withItems) return;
  const command = moving.withItems
    ? `people move ${address} ${moving.to}`
    : `tenants remove-member ${tenant} ${address}`;
  throw refused(`${address} is on the way to ${moving.to}: finish that first, by ${command}`);
}

async function moveAllItems(person: Mover['person']): Promise<{ readonly moved: number; readonly isDone: boolean }> {
  let moved = 0;
  let steps = 0;
  for (const prefix of personalItems) {
    for (let step = await moveItems(person, prefix); !step.wasEmpty; step = await moveItems(person, prefix)) {
      moved += step.moved;
      steps += 1;
      if (steps >= MOST_STEPS) return { moved, isDone: false };
    }
  }
  return { moved, isDone: true };
}

function wayOf({ address, person: { tenant, moving } }: Mover, operation: Operation): Promise<Write> {
  return addressChange(operation, address, ` from ${tenant} to ${moving.to}`);
}
