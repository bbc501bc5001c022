import { confine } from '#core/confinement.ts';
import { isAddition } from '#core/store/additions.ts';
import type { Write } from '#core/store/table.ts';
import type { ChangingCall, Tool } from './define-tool.ts';

type Staging = Pick<ChangingCall, 'write' | 'keep'>;
type Judged = Pick<Tool, 'name' | 'annotations'>;

/** What a tool may stage by what it says of itself. Anything else throws a sentence that says what to say instead. */
export function honestStaging({ name, annotations }: Judged, { write, keep }: Staging): Staging {
  const { readOnlyHint, destructiveHint } = annotations;
  if (readOnlyHint) {
    const refuse = () => {
      throw new Error(
        `${name} says readOnlyHint: true and stages a write. A tool that writes says readOnlyHint: false.`,
      );
    };
    return { write: refuse, keep: refuse };
  }
  if (destructiveHint) return { write, keep };
  const add = (one: Write) => {
    // What is judged is what is staged, whatever becomes of the tool's own object.
    const staged = 'values' in one ? { ...one, values: { ...one.values } } : { ...one };
    if (!isAddition(staged)) throw new Error(overwrites(name, staged));
    write(staged);
  };
  return { write: add, keep };
}

/** Does the work of a tool, or of a resource or prompt that is like it, which reaches no further than it says. */
export function honestly<T>({ name, annotations }: Judged, work: () => T): T {
  return annotations.openWorldHint ? work() : confine(name, work);
}

function overwrites(name: string, write: Write): string {
  const what = 'change' in write ? `a change that overwrites (${write.change})` : 'a removal';
  return `${name} says destructiveHint: false and stages ${what}. A tool that overwrites or removes says destructiveHint: true.`;
}
