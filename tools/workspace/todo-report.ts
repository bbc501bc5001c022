import type { Principal } from '#core/oauth/types.ts';
import { listTodos } from '../todos/store.ts';
import { type Todo, todoShape } from '../todos/todo.ts';
import { type Order, Report } from './report.ts';
import type { Cells } from './report-lines.ts';

const PAGE = 1_000;

const columns = todoShape.keyof().options;

/** Reports the todos of these people, of each the oldest first. */
export async function todoReport({ format, people, call }: Order): Promise<Report> {
  const report = new Report(format, [...people.columns, ...columns]);
  const { tenant } = call;
  let done = 0;
  for (const [subject, cells] of people.cells) {
    await call.progress({ done, total: people.cells.size });
    await addTodos(report, { tenant, subject }, cells);
    if (!report.isComplete) break;
    done += 1;
  }
  return report;
}

async function addTodos(report: Report, owner: Principal, before: Cells): Promise<void> {
  let after: string | undefined;
  do {
    const { todos, next } = await listTodos(owner, { matches: () => true, after, most: PAGE });
    const goesOn = todos.every((todo) => report.add([...before, ...columns.map((column) => cell(todo[column]))]));
    after = goesOn ? next : undefined;
  } while (after !== undefined);
}

function cell(value: Todo[keyof Todo]): string {
  return Array.isArray(value) ? value.join(', ') : String(value ?? '');
}
