import type { Principal } from '#core/oauth/types.ts';
import { find, findAll, type Lookup, query } from '#core/store/table.ts';
import { type AddingCall, type Call, type ChangingCall, ToolError } from '../define-tool.ts';
import { comparable } from '../text.ts';
import type { Todo } from './todo.ts';

const PAGE = 100;
const MOST_PAGES = 10;

/** A todo as it is kept. The version counts its changes, so that no two writers overwrite each other. */
export type StoredTodo = {
  readonly todo: Todo;
  readonly version: number;
  /** When it was completed, if that came after its last change: completing adds this and overwrites nothing. */
  readonly completedAt?: string;
};

const partition = ({ tenant, subject }: Principal) => `TODO#${tenant}#${subject}`;
const sortKey = (id: string) => `TODO#${id}`;
const lookup = (call: Call, id: string): Lookup<StoredTodo> => ({ pk: partition(call), sk: sortKey(id) });

/** Finds one of the person's todos. Somebody else's is none. */
export async function findTodo(call: Call, id: string): Promise<StoredTodo | undefined> {
  const stored = await find(lookup(call, id), call.now);
  return stored && asItIs(stored);
}

/** A todo with its completion, if it has one. */
function asItIs({ todo, version, completedAt }: StoredTodo): StoredTodo {
  return { todo: completedAt === undefined ? todo : { ...todo, done: true, updatedAt: completedAt }, version };
}

/** Finds one of the person's todos. Throws when there is none; somebody else's is none. */
export async function requireTodo(call: Call, id: string): Promise<StoredTodo> {
  const stored = await findTodo(call, id);
  if (!stored) throw new ToolError('There is no such todo.');
  return stored;
}

/** Finds several of the person's todos in one round trip, up to 100. Throws an error that names those that are not there. */
export async function requireTodos(call: Call, ids: readonly string[]): Promise<readonly StoredTodo[]> {
  const stored = await findAll(
    ids.map((id) => lookup(call, id)),
    call.now,
  );
  const missing = ids.filter((_id, at) => !stored[at]);
  if (missing.length > 0) throw new ToolError(`There are no such todos: ${missing.join(', ')}. None was changed.`);
  return stored.filter((one) => one !== undefined).map(asItIs);
}

type Listing = { readonly todos: readonly Todo[]; readonly next: string | undefined };
type Wanted = {
  /** Without it, all are wanted. */
  readonly matches?: ((todo: Todo) => boolean) | undefined;
  readonly after?: string | undefined;
  readonly most: number;
  /** Whose todos, where they are not those of the caller. */
  readonly owner?: Principal;
};

/** A person's todos that match, oldest first, and the id to go on after if there may be more. */
export async function listTodos(call: Call, { matches, after, most, owner = call }: Wanted): Promise<Listing> {
  const isWanted = (todo: Todo) => {
    call.requireTime();
    return matches === undefined || matches(todo);
  };
  // Of what matches, nobody knows where it is; of all, no more is read than is shown, and whether there is another.
  const size = matches === undefined ? Math.min(most + 1, PAGE) : PAGE;
  const todos: Todo[] = [];
  let next = after;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const found = await query<StoredTodo>(partition(owner), { after: next && sortKey(next), most: size });
    todos.push(...found.items.map((stored) => asItIs(stored).todo).filter(isWanted));
    if (todos.length > most) return { todos: todos.slice(0, most), next: todos[most - 1]?.id };
    next = found.next?.slice(sortKey('').length);
    if (next === undefined) break;
  }
  return { todos, next };
}

/** The person's open todos, oldest first, of the first thousand that are kept. With a tag, those that have it. */
export async function openTodos(call: Call, tag?: string): Promise<readonly Todo[]> {
  const isTagged = tag === undefined ? () => true : hasTag(tag);
  const matches = (todo: Todo) => !todo.done && isTagged(todo);
  return (await listTodos(call, { matches, most: PAGE * MOST_PAGES })).todos;
}

/** Says of todos whether they have a tag, whatever form it was kept in. */
export function hasTag(tag: string): (todo: Todo) => boolean {
  const wanted = comparable(tag);
  return ({ tags }) => tags.some((one) => comparable(one) === wanted);
}

/** Stages a new todo. */
export function addTodo(call: AddingCall, todo: Todo): Todo {
  call.write({ ...lookup(call, todo.id), put: { todo, version: 1 } });
  call.keep('todosPerPerson', { items: 1, bytes: bytesOf(todo) });
  return todo;
}

/** Stages a change of a todo, on the condition that nobody else has changed it since it was read. */
export function changeTodo(call: ChangingCall, { todo, version }: StoredTodo, changes: Partial<Todo>): Todo {
  const changed = { ...todo, ...changes, updatedAt: new Date(call.nowMilliseconds).toISOString() };
  call.write({
    ...lookup(call, todo.id),
    change: 'SET #todo = :todo, #version = :next REMOVE #completedAt',
    condition: UNCHANGED,
    values: { ':todo': changed, ':next': version + 1, ':version': version },
  });
  call.keep('todosPerPerson', { items: 0, bytes: bytesOf(changed) - bytesOf(todo) });
  return changed;
}

/** Stages that a todo is done, on the same condition. Nothing of it is overwritten. */
export function completeTodo(call: AddingCall, { todo, version }: StoredTodo): Todo {
  if (todo.done) return todo;
  const completedAt = new Date(call.nowMilliseconds).toISOString();
  call.write({
    ...lookup(call, todo.id),
    change: 'SET #completedAt = if_not_exists(#completedAt, :at), #version = #version + :one',
    condition: UNCHANGED,
    values: { ':at': completedAt, ':one': 1, ':version': version },
  });
  return { ...todo, done: true, updatedAt: completedAt };
}

/** Stages the removal of a todo, on the same condition. */
export function removeTodo(call: ChangingCall, { todo, version }: StoredTodo): void {
  call.write({ ...lookup(call, todo.id), remove: true, condition: UNCHANGED, values: { ':version': version } });
  call.keep('todosPerPerson', { items: -1, bytes: -bytesOf(todo) });
}

/** The bytes of what a person wrote in a todo. */
function bytesOf({ title, notes = '', tags }: Todo): number {
  return Buffer.byteLength([title, notes, ...tags].join(''));
}

const UNCHANGED = '#version = :version';
