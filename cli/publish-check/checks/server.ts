import { must, NotChecked } from '../../doctor/check.ts';
import type { Check, Verdict } from '../check.ts';
import { allLists, type List } from '../options.ts';
import { mustBeNone } from '../require.ts';
import type { Seen } from '../seen.ts';

/** That clients of the directories can sign in: what doctor has not looked at. */
export const serverChecks: readonly Check[] = [
  {
    name: 'callbacks of clients',
    lists: ['openai', 'anthropic', 'registry', 'cursor'],
    remedy: 'Look into the log of the Authorize function: it says why it refused. Clients send a long state, too.',
    judge: ({ callbacks }) => {
      if (!callbacks) throw new NotChecked('clients may not register themselves here');
      const refused = Object.entries(callbacks).filter(([, status]) => status !== 200);
      mustBeNone(
        refused.map(([address, status]) => `${address} (${status})`),
        'refused',
      );
      must(Object.keys(callbacks).length > 0, 'none was tried');
      return `${Object.keys(callbacks).length} taken`;
    },
  },
];

/** What doctor found, for all lists: each fault is an error, and what passed is told in one line. */
export function verdictsOfDoctor({ findings }: Seen, asked: readonly List[]): readonly Verdict[] {
  const lists = allLists.filter((list) => asked.includes(list));
  const passed = findings.filter(({ outcome }) => outcome === 'passed');
  const faults = findings.flatMap((finding): Verdict[] =>
    finding.outcome === 'failed'
      ? [{ name: finding.name, lists, level: 'error', saw: finding.says, remedy: finding.remedy }]
      : [],
  );
  return [{ name: 'server and sign-in', lists, level: 'ok', saw: `${passed.length} checks of doctor pass` }, ...faults];
}
