import { Failure, sentenceFor } from '../shared/failure.ts';
import type { Terminal } from '../shared/terminal.ts';
import { connect } from './deployment.ts';
import { helpFor } from './help.ts';
import { readOptions, type Task } from './options.ts';

/** Does what the command line says. Returns the exit code, and reports what goes wrong in one sentence. */
export async function admin(args: readonly string[], terminal: Terminal): Promise<0 | 1 | 2 | 3> {
  const { print, tell } = terminal;
  let where = 'AWS';
  try {
    const options = readOptions(args);
    if (options.kind === 'help') print(helpFor(options.words));
    else {
      if (options.target.kind === 'local') where = options.target.url;
      await requireConsent(options, terminal);
      await run(options, terminal);
    }
    return 0;
  } catch (error) {
    tell(sentenceFor(error, where));
    return error instanceof Failure ? error.exitCode : 1;
  }
}

async function run({ target, command, given, isJson }: Task, { print, tell }: Terminal): Promise<void> {
  const ask = command.isOfThisMachine ? asksNobody : await connect(target);
  const running = command.run(given, ask, tell);
  const reports = Symbol.asyncIterator in running ? running : [running];
  for await (const { json, text } of reports) print(isJson ? JSON.stringify(json) : text);
}

async function asksNobody(): Promise<never> {
  throw new Error('The command asks no server');
}

/** What cannot be undone is asked first. Throws when the answer is no, and where nobody can answer. */
async function requireConsent({ command, given, isAgreed }: Task, { question }: Terminal): Promise<void> {
  const asked = command.question?.(given);
  if (asked === undefined || isAgreed) return;
  if (!question)
    throw new Failure(`${command.name} can't be undone: add --yes to run it without a question. Nothing was done.`, 2);
  const answer = await question(`${asked} This can't be undone. Go on? [y/N] `);
  if (!/^\s*y(es)?\s*$/i.test(answer)) throw new Failure('Nothing was done.');
}
