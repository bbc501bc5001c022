import type { Tool } from './define-tool.ts';
import whoami from './profile/whoami.ts';
import completeTodo from './todos/complete-todo.ts';
import createTodo from './todos/create-todo.ts';
import deleteTodo from './todos/delete-todo.ts';
import getTodo from './todos/get-todo.ts';
import listTodos from './todos/list-todos.ts';
import updateTodo from './todos/update-todo.ts';

/** The tools that the MCP endpoint serves, in the order in which clients list them. */
export const tools: readonly Tool[] = [listTodos, getTodo, createTodo, updateTodo, completeTodo, deleteTodo, whoami];
