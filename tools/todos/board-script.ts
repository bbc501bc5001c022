/**
 * The board's script. It speaks JSON-RPC with the host that shows it, and puts what it is told on the page as text and
 * never as markup. It is a module, for a host may write the document twice into one window. MCP Apps 2026-01-26.
 */
export const boardScript = `
const page = document.documentElement;
const [board, status, more] = ['board', 'status', 'more'].map((id) => document.getElementById(id));
const pending = new Map();
const changed = new Map();
let lastId = 0;
let host = {};
let filters = {};
let todos = [];
let cursor;

/* The frame cannot know where its host comes from. It tells nothing that the host does not see anyway. */
const send = (message) => window.parent.postMessage({ jsonrpc: '2.0', ...message }, '*');
const notify = (method, params) => send({ method, params });
const request = (method, params) => new Promise((resolve, reject) => {
  lastId += 1;
  pending.set(lastId, { resolve, reject });
  send({ id: lastId, method, params });
});

const told = {
  'ui/notifications/tool-input': (params) => { filters = params.arguments ?? {}; },
  'ui/notifications/tool-result': (result) => take(result, []),
  'ui/notifications/tool-cancelled': () => say('The todos were not fetched.'),
  'ui/notifications/host-context-changed': dress,
};
const asked = ['ping', 'ui/resource-teardown'];

window.addEventListener('message', ({ source, data }) => {
  if (source !== window.parent || data?.jsonrpc !== '2.0') return;
  const { id, method, params, result, error } = data;
  if (method === undefined) {
    const waiting = pending.get(id);
    pending.delete(id);
    if (error) waiting?.reject(new Error(error.message));
    else waiting?.resolve(result);
  } else if (id === undefined) told[method]?.(params ?? {});
  else if (asked.includes(method)) send({ id, result: {} });
  else send({ id, error: { code: -32601, message: 'Method not found' } });
});

async function callTool(name, input) {
  const result = await request('tools/call', { name, arguments: input });
  if (result.isError) throw new Error(result.content.map(({ text }) => text).join(' '));
  return result;
}

function take({ isError, structuredContent }, before) {
  if (isError || !structuredContent) return say('The todos were not fetched.');
  todos = [...before, ...structuredContent.todos];
  cursor = structuredContent.nextCursor;
  show();
}

function show() {
  const today = new Intl.DateTimeFormat('sv').format();
  const group = ({ done, due }) => {
    if (done) return 'Done';
    if (!due) return 'No date';
    return due < today ? 'Overdue' : due === today ? 'Today' : 'Later';
  };
  const sections = ['Overdue', 'Today', 'Later', 'No date', 'Done'].map((name) => {
    const members = todos.filter((todo) => group(todo) === name);
    const list = element('ul', '', ...members.sort(byDue).map((todo) => item(todo, today)));
    return members.length > 0 && element('section', name.toLowerCase().replace(' ', '-'), element('h2', '', name), list);
  });
  board.replaceChildren(...sections.filter(Boolean));
  more.hidden = cursor === undefined || !host.serverTools;
  count();
}

const byDue = (one, other) => (one.due ?? '').localeCompare(other.due ?? '');

function item(todo, today) {
  const box = element('input');
  box.type = 'checkbox';
  box.checked = todo.done;
  box.disabled = !host.serverTools;
  const title = element('span', 'title', todo.title);
  title.dir = 'auto';
  const due = todo.due && todo.due !== today && element('time', '', dayIn(todo.due, today));
  const high = todo.priority === 'high' && element('span', 'high', 'High');
  const tags = todo.tags.map((tag) => element('span', 'tag', tag));
  const label = element('label', '', box, element('span', '', title, element('span', 'details', due, high, ...tags)));
  const line = element('li', todo.done ? 'is-done' : '', label);
  box.addEventListener('click', (event) => {
    /* The mark shows what the server has, and so changes once it has changed there. */
    event.preventDefault();
    if (!line.classList.contains('is-busy')) toggle(todo, line, box);
  });
  return line;
}

async function toggle(todo, line, box) {
  line.classList.add('is-busy');
  say('');
  try {
    const { id } = todo;
    const call = todo.done ? callTool('update_todo', { id, done: false }) : callTool('complete_todo', { id });
    todo.done = (await call).structuredContent.done;
    box.checked = todo.done;
    line.classList.toggle('is-done', todo.done);
    changed.set(id, todo.done ? 'done' : 'open again');
    count();
    tellModel();
  } catch (error) {
    sayWhy(error);
  }
  line.classList.remove('is-busy');
}

/* The model has seen the todos as they were. Ids alone, for a title is not ours to put into its mouth. */
function tellModel() {
  if (!host.updateModelContext?.text) return;
  const changes = [...changed].map(([id, state]) => id + ' is ' + state).join('; ');
  const text = 'On the board of todos the person has since made changes: ' + changes + '.';
  request('ui/update-model-context', { content: [{ type: 'text', text }] }).catch(() => {});
}

more.addEventListener('click', async () => {
  more.disabled = true;
  await callTool('list_todos', { ...filters, cursor }).then((result) => take(result, todos), sayWhy);
  more.disabled = false;
});

function count() {
  const done = todos.filter((todo) => todo.done).length;
  const open = todos.length - done;
  say(todos.length === 0 ? 'Nothing to do.' : open + ' open, ' + done + ' done');
}

function say(text) {
  status.textContent = text;
}

function sayWhy({ message }) {
  say('That did not work: ' + message);
}

function dayIn(due, today) {
  const year = due.slice(0, 4) === today.slice(0, 4) ? undefined : 'numeric';
  const format = { weekday: 'short', day: 'numeric', month: 'short', year, timeZone: 'UTC' };
  return new Intl.DateTimeFormat(undefined, format).format(new Date(due));
}

function element(name, className = '', ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children.filter(Boolean));
  return made;
}

function dress({ theme, styles }) {
  if (theme) page.style.colorScheme = theme;
  const variables = Object.entries(styles?.variables ?? {}).filter(([, value]) => value);
  for (const [name, value] of variables) page.style.setProperty(name, value);
}

async function start() {
  const { hostCapabilities, hostContext } = await request('ui/initialize', {
    protocolVersion: '2026-01-26',
    appInfo: { name: 'todos', title: 'Todos', version: '1.0.0' },
    appCapabilities: { availableDisplayModes: ['inline', 'fullscreen'] },
  });
  host = hostCapabilities ?? {};
  dress(hostContext ?? {});
  notify('ui/notifications/initialized', {});
  new ResizeObserver(() => {
    const height = Math.ceil(page.getBoundingClientRect().height);
    notify('ui/notifications/size-changed', { width: window.innerWidth, height });
  }).observe(page);
}

start().catch(sayWhy);
`;
