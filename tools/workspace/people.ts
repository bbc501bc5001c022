import { membersOf } from '#core/store/members.ts';
import { type Call, ToolError } from '../define-tool.ts';
import type { Cells } from './report-lines.ts';

const MOST_MEMBERS = 500;

/** Whom a report is about, and what its rows say of each. */
export type People = {
  /** The one person, where it is about no more. */
  readonly subject: string | undefined;
  readonly columns: Cells;
  readonly cells: ReadonlyMap<string, Cells>;
  /** False when the tenant has more members than a report reads. */
  readonly isComplete: boolean;
};

/** The person alone, of whom nothing need be said. */
export function onlySelf({ subject }: Call): People {
  return { subject, columns: [], cells: new Map([[subject, []]]), isComplete: true };
}

/**
 * Everybody in the tenant, with their addresses, or the one of them who is named by subject or address. Throws when the
 * person is no admin of it.
 */
export async function everybody({ tenant, role }: Call, person?: string): Promise<People> {
  if (role !== 'admin')
    throw new ToolError('Only an admin may report the whole tenant. Leave whose out to report your own.');
  const all = await listed(tenant);
  if (person === undefined) return all;
  const named = person.includes('@') ? subjectOf(person, all) : person;
  const cells = all.cells.get(named) ?? all.columns.map(() => '');
  return { ...all, subject: named, cells: new Map([[named, cells]]), isComplete: true };
}

function subjectOf(address: string, { cells }: People): string {
  const wanted = address.toLowerCase();
  const [subject] = [...cells].find(([, [known]]) => known === wanted) ?? [];
  if (subject === undefined)
    throw new ToolError('Nobody with that address is in the list of the tenant. Give the subject, as a report has it.');
  return subject;
}

async function listed(tenant: string): Promise<People> {
  const { members, next } = await membersOf(tenant, { most: MOST_MEMBERS });
  const known = members.flatMap(({ subject, address }) =>
    subject === undefined ? [] : [[subject, [address]] as const],
  );
  return { subject: undefined, columns: ['address'], cells: new Map(known), isComplete: next === undefined };
}
