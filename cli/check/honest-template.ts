import type { Effects, Planned } from './template.ts';

/** What the server keeps for itself, whatever its tools do. */
const ownItems = new Set([
  'GRANT#',
  'USER#',
  'TENANT#',
  'RATE#',
  'QUOTA#',
  'ASSERTION#',
  'AUDIT#',
  'CANCELLATION#',
  'CONFIRMATION#',
  'SECRET#',
]);
const adding = ['PutItem', 'UpdateItem', 'ConditionCheckItem'];

/** What the template lets tools do that none of them says it does, in a sentence each. */
export function excess({ tools, rights }: Pick<Planned, 'tools' | 'rights'>): string[] {
  const found: string[] = [];
  const granted = (actions: readonly string[]) =>
    actions.flatMap((action) => (rights.get(action) ?? []).filter((prefix) => !ownItems.has(prefix)));
  const written = granted(adding);
  const removed = granted(['DeleteItem']);
  if (!tools.some(({ readOnlyHint }) => !readOnlyHint) && written.length > 0)
    found.push(`no tool says that it writes, but the template lets them write ${list(written)}`);
  if (!tools.some(({ destructiveHint }) => destructiveHint) && removed.length > 0)
    found.push(`no tool says that it removes, but the template lets them remove ${list(removed)}`);
  return found;
}

/** What a tool is able to do, by what it says of itself. */
export function describe({ readOnlyHint, destructiveHint, openWorldHint, hosted }: Effects): string {
  const does = readOnlyHint ? 'reads' : destructiveHint ? 'reads, adds, overwrites and removes' : 'reads and adds';
  const all = openWorldHint ? `${does}, and reaches other services` : does;
  return hosted ? `${all}, by the word of ${hosted.server}` : all;
}

function list(prefixes: readonly string[]): string {
  return [...new Set(prefixes)].join(', ');
}
