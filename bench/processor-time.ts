import { readdirSync, readFileSync } from 'node:fs';

/** How long a tick of the kernel's accounting is, on all Linux systems. proc_pid_stat(5). */
const TICK_MILLISECONDS = 10;

/** Milliseconds of the processor, by who took them. */
export type ProcessorTime = Readonly<Record<string, number>>;

/**
 * What a process and those that it started have taken of the processor so far. A process that has `ENDPOINT` in its
 * environment goes by that, others by their script or program. Linux alone tells; elsewhere it throws.
 */
export function processorTime(root: number): ProcessorTime {
  const times = new Map<string, number>();
  for (const { pid, milliseconds } of family(root)) {
    const name = nameOf(pid);
    times.set(name, (times.get(name) ?? 0) + milliseconds);
  }
  return Object.fromEntries(times);
}

/** The ids of a process and of those that it started. */
export function familyOf(root: number): readonly number[] {
  return family(root).map(({ pid }) => pid);
}

function family(root: number) {
  const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (statOf(Number(name)) ?? []) : []));
  const children = Map.groupBy(all, ({ parent }) => parent);
  // Ids begin anew when they are used up, so that a child's may be lower than its parent's.
  const found = all.filter(({ pid }) => pid === root);
  for (const { pid } of found) found.push(...(children.get(pid) ?? []));
  return found;
}

function statOf(pid: number) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [parent, user, system] = [fields[1], fields[11], fields[12]].map(Number);
    return { pid, parent: parent ?? 0, milliseconds: ((user ?? 0) + (system ?? 0)) * TICK_MILLISECONDS };
  } catch {
    return undefined;
  }
}

/** What a process is called. */
export function nameOf(pid: number): string {
  try {
    const endpoint = /(?:^|\0)ENDPOINT=([^\0]*)/.exec(readFileSync(`/proc/${pid}/environ`, 'utf8'))?.[1];
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    const program = words.find((word) => /\.[cm]?[jt]s$/.test(word)) ?? words[0] ?? '';
    return endpoint ?? program.split('/').at(-1) ?? '';
  } catch {
    return 'gone';
  }
}
