import type { Call } from '../define-tool.ts';
import { openTodos } from './store.ts';

/** The tags of the person's open todos that begin with what has been typed, in the order of the alphabet. */
export async function completeTag(typed: string, call: Call): Promise<readonly string[]> {
  const begun = typed.trimStart().toLowerCase();
  const tags = new Set((await openTodos(call)).flatMap((todo) => todo.tags));
  return [...tags].filter((tag) => tag.startsWith(begun)).sort();
}
