import type { Principal } from '#core/oauth/types.ts';
import { type Call, ToolError } from '../define-tool.ts';
import { listTodos } from '../todos/store.ts';
import { type Todo, todoShape } from '../todos/todo.ts';
import { type Order, Report } from './report.ts';
import type { Cells } from './report-lines.ts';

const PAGE = 1_000;

const columns = todoShape.keyof().options;

/** Reports the todos of these people, of each the oldest first. */
export async function todoReport({ format, people, call, after }: Order): Promise<Report> {
  const report = new Report(format, [...people.columns, ...columns]);
  const { tenant } = call;
  const everybody = [...people.cells];
  const [first, last] = after === undefined ? [0, undefined] : placeAmong(everybody, after);
  for (const [at, [subject, cells]] of everybody.entries()) {
    if (at < first) continue;
    await call.progress({ done: at, total: everybody.length });
    const owner = { tenant, subject };
    await addTodos(report, { call, owner, before: cells, after: at === first ? last : undefined });
    if (!report.isComplete) break;
  }
  return report;
}

/** Whose todos come next, and after which of them. The place must be one of a person that the report is of. */
function placeAmong(everybody: readonly (readonly [string, Cells])[], place: string): [number, string] {
  const [subject, id = ''] = place.split(' ');
  const at = everybody.findIndex(([candidate]) => candidate === subject);
  if (at < 0 || id === '') throw new ToolError('The cursor is not one of this report. Start again without it.');
  return [at, id];
}

type Part = {
  readonly call: Call;
  readonly owner: Principal;
  readonly before: Cells;
  readonly after: string | undefined;
};

async function addTodos(report: Report, { call, owner, before, after }: Part): Promise<void> {
  let last = after;
  do {
    const { todos, next } = await listTodos(call, { owner, matches: () => true, after: last, most: PAGE });
    const goesOn = todos.every((todo) => report.add([...before, ...cellsOf(todo)], `${owner.subject} ${todo.id}`));
    last = goesOn ? next : undefined;
  } while (last !== undefined);
}

function cellsOf(todo: Todo): Cells {
  return columns.map((column) => cell(todo[column]));
}

function cell(value: Todo[keyof Todo]): string {
  return Array.isArray(value) ? value.join(', ') : String(value ?? '');
}
