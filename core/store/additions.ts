import type { Write } from './table.ts';

/** Not the time at which an item is gone, which would remove it. */
const PATH = String.raw`(?!#?ttl\b)#?\w+(?:\.#?\w+)*`;
const VALUE = String.raw`:\w+`;
/** Itself, or what it begins as. */
const SELF = String.raw`(?:\1|if_not_exists\(\s*\1\s*,\s*${VALUE}\s*\))`;
/** An attribute that is not there yet, a list that grows at its end, a number that is added to. */
const SETS = new RegExp(
  String.raw`^(${PATH})\s*=\s*(?:if_not_exists\(\s*\1\s*,\s*${VALUE}\s*\)|list_append\(\s*${SELF}\s*,\s*${VALUE}\s*\)|${SELF}\s*\+\s*(?<added>${VALUE}))$`,
);
/** To a number, or to a set. */
const ADDS = new RegExp(String.raw`^${PATH}\s+(?<added>${VALUE})$`);
const CLAUSES: Readonly<Record<string, RegExp>> = { SET: SETS, ADD: ADDS };

/**
 * True if a write leaves all that was there: it puts what was not, or each part of its change adds to an attribute or
 * sets one that is not there yet. An expression that is not understood is no addition.
 */
export function isAddition(write: Write): boolean {
  if ('remove' in write) return false;
  if (!('change' in write)) return true;
  const [before, ...clauses] = write.change.trim().split(/(?<![#:.\w])(SET|ADD|REMOVE|DELETE)\s+/i);
  if (before !== '' || clauses.length === 0) return false;
  return clauses.every((clause, at) => {
    if (at % 2 === 0) return true;
    const form = CLAUSES[clauses[at - 1]?.toUpperCase() ?? ''];
    return form !== undefined && parts(clause).every((part) => adds(form.exec(part), write.values));
  });
}

/** A sum with a number below zero takes away. */
function adds(read: RegExpExecArray | null, values: Readonly<Record<string, unknown>>): boolean {
  const added = read?.groups?.added;
  if (!read || added === undefined) return read !== null;
  const value = values[added];
  return value instanceof Set || ((typeof value === 'number' || typeof value === 'bigint') && value >= 0);
}

/** The parts of a clause: what stands between commas that are in no brackets. */
function parts(clause: string): string[] {
  return clause.split(/,(?![^(]*\))/).map((one) => one.trim());
}
