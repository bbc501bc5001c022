import { fittingLines } from '../answer-size.ts';
import { defineResource } from '../define-resource.ts';
import listTodos from './list-todos.ts';
import { openTodos } from './store.ts';
import { completeTag } from './tags.ts';
import { type Todo, tag as tagShape } from './todo.ts';

const MOST_SHOWN = 100;

export default defineResource({
  template: 'todo://list/{tag}',
  name: 'todo_list',
  title: 'Todos with a tag',
  description: 'The open todos that have a tag, such as a reading list, as a list in Markdown',
  mimeType: 'text/markdown',
  like: listTodos,
  complete: { tag: completeTag },
  read: async ({ tag }, call) => {
    const asked = tagShape.safeParse(tag);
    const todos = asked.success ? await openTodos(call, asked.data) : [];
    return asked.success && todos.length > 0 ? markdown(asked.data, todos) : undefined;
  },
});

function markdown(tag: string, todos: readonly Todo[]): string {
  const lines = fittingLines(todos.slice(0, MOST_SHOWN).map(line));
  const rest = todos.length - lines.length;
  return [`# ${plain(tag)}`, '', ...lines, ...(rest > 0 ? ['', `And ${rest} more.`] : []), ''].join('\n');
}

function line({ id, title, due, priority }: Todo): string {
  const details = [due && `due ${due}`, priority === 'normal' ? undefined : `${priority} priority`];
  const said = details.filter((detail) => detail !== undefined).join(', ');
  return `- [ ] [${plain(title)}](todo://${id})${said && ` (${said})`}`;
}

/** A text on one line, of which Markdown makes nothing. CommonMark §2.4. */
function plain(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_[\]<>&~#|]/g, String.raw`\$&`);
}
