import { jsonMembers } from '#core/http/json-rpc.ts';
import type { Message } from './message.ts';
import { tools } from './served.ts';

/** What a client asks to find its way around. None of it says anything of anybody. */
const openMethods = new Set([
  ...['initialize', 'notifications/initialized', 'notifications/cancelled', 'ping', 'server/discover'],
  ...['tools/list', 'resources/list', 'resources/templates/list', 'prompts/list', 'subscriptions/listen'],
]);
const publicTools = new Set(tools.filter(({ scope }) => scope === 'public').map(({ name }) => name));

/** True if a message needs no token, where public tools are open: it calls one, or finds its way to them. */
export function isOpenToAll({ method, params }: Message): boolean {
  if (method !== 'tools/call') return typeof method === 'string' && openMethods.has(method);
  const { name } = jsonMembers(params);
  return typeof name === 'string' && publicTools.has(name);
}
