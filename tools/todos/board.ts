import { defineResource } from '../define-resource.ts';
import { boardPage, boardUri } from './board-page.ts';
import listTodos from './list-todos.ts';

export default defineResource({
  uri: boardUri,
  name: 'todo_board',
  title: 'Board of todos',
  description: 'The page that shows what list_todos gives, in clients that can show pages',
  mimeType: 'text/html;profile=mcp-app',
  like: listTodos,
  meta: {
    ui: { csp: { connectDomains: [], resourceDomains: [], frameDomains: [], baseUriDomains: [] }, prefersBorder: true },
  },
  read: () => boardPage,
});
