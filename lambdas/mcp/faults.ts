import type * as z from 'zod';

const MOST_TOLD = 5;
const LONGEST_NAME = 60;

type Issue = z.core.$ZodIssue;

/** One sentence for each fault of a value, at most five. `root` is the name of the value itself. */
export function faultsOf({ issues }: z.core.$ZodError, root: string): string {
  const told = issues.flatMap((issue) => nearest(issue, [])).slice(0, MOST_TOLD);
  return told.map((issue) => sentence(issue, root)).join(' ');
}

/** Of a union only one kind can have been meant where the others are of another kind altogether. */
function nearest(issue: Issue, before: readonly PropertyKey[]): Issue[] {
  const path = [...before, ...issue.path];
  const meant = issue.code === 'invalid_union' ? issue.errors.filter(([first]) => (first?.path.length ?? 0) > 0) : [];
  const [only = [], ...others] = meant;
  if (only.length === 0 || others.length > 0) return [{ ...issue, path }];
  return only.flatMap((inner) => nearest(inner, path));
}

function sentence({ path, message }: Issue, root: string): string {
  const isWhole = /^\P{Ll}/u.test(message);
  const subject = path.length > 0 ? nameOf(path) : root;
  const separator = isWhole ? ': ' : ' ';
  const said = isWhole && path.length === 0 ? message : `${subject}${separator}${message}`;
  return /[.!?]$/.test(said) ? said : `${said}.`;
}

function nameOf(path: readonly PropertyKey[]): string {
  return path
    .map((part, at) => {
      if (typeof part === 'number') return `[${part}]`;
      return `${at === 0 ? '' : '.'}${String(part).slice(0, LONGEST_NAME)}`;
    })
    .join('');
}
