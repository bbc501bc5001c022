import { NotChecked } from '../../doctor/check.ts';
import type { Check } from '../check.ts';
import { mustBeNone, toolsIn } from '../require.ts';
import { changesBetween, snapshotFile, snapshotOf } from '../snapshot.ts';

/** What has changed since the lists were told of the tools. OpenAI, App submission. */
export const changeChecks: readonly Check[] = [
  {
    name: 'changes since the listing',
    lists: ['openai', 'anthropic'],
    isAdvice: true,
    remedy: 'Have it reviewed again: ChatGPT reads the tools each day, and lists keep what was reviewed.',
    judge: (seen) => {
      toolsIn(seen);
      const now = snapshotOf(seen);
      if (!seen.before || !now) throw new NotChecked(`needs --since and the ${snapshotFile} of an earlier --write`);
      mustBeNone(changesBetween(seen.before, now));
      return 'nothing';
    },
  },
];
