import { setTimeout as wait } from 'node:timers/promises';
import type { Answer, Ask, Tell } from './command.ts';

/** The pages of what a command lists. */
export async function* pages(ask: Ask, command: string, input: Answer = {}): AsyncGenerator<Answer> {
  let { after } = input;
  do {
    const page = await ask(command, { ...input, after });
    yield page;
    after = page.next;
  } while (after !== undefined);
}

/** All that a command lists under this name. */
export async function allOf(ask: Ask, name: string, command: string, input: Answer = {}): Promise<readonly Answer[]> {
  const all: Answer[] = [];
  for await (const page of pages(ask, command, input)) all.push(...listIn(page, name));
  return all;
}

/** What an answer lists under this name. */
export function listIn(answer: Answer, name: string): readonly Answer[] {
  const list = answer[name];
  return Array.isArray(list) ? list : [];
}

type Server = { readonly ask: Ask; readonly tell: Tell };

/** What the answers of long commands count, as it is told. */
const counted: Readonly<Record<string, string>> = {
  grants_ended: 'Grants ended',
  items_moved: 'Items moved',
  items_removed: 'Items deleted',
};

/**
 * Asks for a command that takes longer than one invocation until all is done. Gives the last answer with the sums of
 * what each one counted.
 */
export async function untilDone({ ask, tell }: Server, command: string, input: object): Promise<Answer> {
  const sums: Record<string, number> = {};
  for (;;) {
    const { wait_seconds: seconds, ...answer } = await ask(command, input);
    for (const name of Object.keys(counted)) {
      if (typeof answer[name] === 'number') sums[name] = (sums[name] ?? 0) + answer[name];
    }
    if (answer.done !== false) return { ...answer, ...sums };
    const soFar = Object.entries(sums).map(([name, sum]) => `${counted[name]} so far: ${sum}.`);
    if (soFar.length > 0) tell(soFar.join(' '));
    if (typeof seconds !== 'number') continue;
    tell(`Waiting ${seconds} seconds for calls that are still under way…`);
    await wait(seconds * 1_000);
  }
}
