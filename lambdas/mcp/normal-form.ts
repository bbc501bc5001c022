import { jsonMembers } from '#core/http/json-rpc.ts';
import { clientNames } from './client-names.ts';
import type { Message } from './message.ts';
import { asObject } from './readings.ts';

/** What a message must have as it stands: a null here has a meaning, or is a fault. JSON-RPC 2.0 §4. */
const frame = new Set(['jsonrpc', 'id', 'method']);

/**
 * A request or notification as everything behind reads it, in every revision. Members that are null count as absent: no
 * optional member of the protocol can be null, and many programs write null for what they leave out. Arguments may be
 * JSON in a text.
 */
export function normalForm(message: Message): Message {
  const { method } = message;
  if (typeof method !== 'string') return message;
  const members = Object.entries(message)
    .filter(([name, value]) => value !== null || frame.has(name))
    .map(([name, value]) => [name, name === 'params' ? parameters(value, method) : value]);
  return Object.fromEntries(members);
}

function parameters(params: unknown, method: string): unknown {
  const given = jsonMembers(params);
  const isCall = method === 'tools/call';
  if (!('arguments' in given)) return withoutNulls(params, ['content']);
  const read = { ...given, arguments: isCall ? asObject(given.arguments) : textsOf(asObject(given.arguments)) };
  return withoutNulls(read, isCall ? ['arguments', 'content'] : ['content']);
}

/** The arguments of a prompt are texts: what else a client puts among them under a name of its own is for itself. */
function textsOf(given: unknown): unknown {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return given;
  const own = Object.entries(given).filter(([name, value]) => typeof value === 'string' || !clientNames.has(name));
  return Object.fromEntries(own);
}

/** What is named as a value stays as it is: null may mean something there. */
function withoutNulls(value: unknown, values: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutNulls(item, values));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value)
    .filter(([, member]) => member !== null)
    .map(([name, member]) => [name, values.includes(name) ? member : withoutNulls(member, values)]);
  return Object.fromEntries(members);
}
