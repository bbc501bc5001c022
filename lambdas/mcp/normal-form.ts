import { jsonMembers } from '#core/http/json-rpc.ts';
import { isClientName } from './client-names.ts';
import type { Message } from './message.ts';
import { cannotBeShown } from './message-shapes.ts';
import { asObject, emptyAsObject } from './readings.ts';

/** What a message must have as it stands: a null here has a meaning, or is a fault. JSON-RPC 2.0 §4. */
const frame = new Set(['jsonrpc', 'id', 'method']);
/** A notification has no id, and JSON-RPC 1.0 wrote null for it. JSON-RPC 2.0 §4. */
const frameOfNotification = new Set(['jsonrpc', 'method']);

/** What is an object wherever it stands in a request. Nobody is asked here for the list that is named roots too. */
const objects = new Set([
  ...['_meta', 'arguments', 'context', 'task', 'notifications', 'inputResponses'],
  ...['capabilities', 'io.modelcontextprotocol/clientCapabilities', 'experimental', 'extensions', 'roots'],
  ...['sampling', 'tools', 'elicitation', 'form', 'url', 'tasks', 'requests', 'createMessage', 'create'],
]);

/** What a client says of itself, in either era. */
const infos = new Set(['clientInfo', 'io.modelcontextprotocol/clientInfo']);

/**
 * A request or notification as everything behind reads it, in every revision. Members that are null count as absent: no
 * optional member of the protocol can be null, and many programs write null for what they leave out. An object without
 * members may be an empty list, as PHP writes it. Arguments may be JSON in a text.
 */
export function normalForm(message: Message): Message {
  const { method } = message;
  if (typeof method !== 'string') return message;
  const kept = method.startsWith('notifications/') ? frameOfNotification : frame;
  const members = Object.entries(message)
    .filter(([name, value]) => value !== null || kept.has(name))
    .map(([name, value]) => [name, name === 'params' ? parameters(emptyAsObject(value), method) : value]);
  return Object.fromEntries(members);
}

function parameters(params: unknown, method: string): unknown {
  const given = jsonMembers(params);
  const isCall = method === 'tools/call';
  if (!('arguments' in given)) return withoutNulls(params, ['content']);
  const object = asObject(emptyAsObject(given.arguments));
  const read = { ...given, arguments: isCall ? object : textsOf(object) };
  return withoutNulls(read, isCall ? ['arguments', 'content'] : ['content']);
}

/** The arguments of a prompt are texts: what else a client puts among them under a name of its own is for itself. */
function textsOf(given: unknown): unknown {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return given;
  const own = Object.entries(given).filter(([name, value]) => typeof value === 'string' || !isClientName(name));
  return Object.fromEntries(own);
}

/** What is named as a value stays as it is: null may mean something there. */
function withoutNulls(value: unknown, values: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutNulls(item, values));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value)
    .filter(([, member]) => member !== null)
    .map(([name, member]) => [name, values.includes(name) ? member : memberOf(name, member, values)]);
  return Object.fromEntries(members);
}

function memberOf(name: string, value: unknown, values: readonly string[]): unknown {
  const member = withoutNulls(objects.has(name) ? emptyAsObject(value) : value, values);
  return infos.has(name) ? presentable(member) : member;
}

/** What a client says of itself, without what could only be shown and cannot: it costs nobody anything. */
function presentable(info: unknown): unknown {
  if (typeof info !== 'object' || info === null || Array.isArray(info)) return info;
  return Object.fromEntries(Object.entries(info).filter(([name, value]) => !cannotBeShown(name, value)));
}
