import { jsonMembers } from '#core/http/json-rpc.ts';
import type { Message } from './message.ts';
import { tools } from './served.ts';

/** The methods that read a list of what somebody keeps, whatever they are asked for. */
const reading = new Set<unknown>(['resources/list', 'resources/read', 'prompts/get', 'completion/complete']);
const OF_A_LIST = 2;

/** As how many calls a message counts, by how much it may read. */
export function weightOf(message: Message): number {
  if (message.method !== 'tools/call') return reading.has(message.method) ? OF_A_LIST : 1;
  const { name } = jsonMembers(message.params);
  return tools.find((tool) => tool.name === name)?.weight ?? 1;
}
