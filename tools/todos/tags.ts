import type { Call } from '../define-tool.ts';
import { comparable } from '../text.ts';
import { openTodos } from './store.ts';

/** The tags of the person's open todos that begin with what has been typed, in the order of the alphabet. */
export async function completeTag(typed: string, call: Call): Promise<readonly string[]> {
  const begun = comparable(typed.trimStart());
  const tags = new Set((await openTodos(call)).flatMap((todo) => todo.tags.map(comparable)));
  return [...tags].filter((tag) => tag.startsWith(begun)).sort();
}
