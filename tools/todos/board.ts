import { defineResource } from '../define-resource.ts';
import { boardPage, boardUri } from './board-page.ts';
import listTodos from './list-todos.ts';

export default defineResource({
  uri: boardUri,
  name: 'todo_board',
  title: 'Board of todos',
  description: 'Shows the results of list_todos as a page, in clients that can show pages',
  mimeType: 'text/html;profile=mcp-app',
  like: listTodos,
  meta: {
    ui: { csp: { connectDomains: [], resourceDomains: [], frameDomains: [], baseUriDomains: [] }, prefersBorder: true },
  },
  read: () => boardPage,
});
