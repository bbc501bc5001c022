import { Failure, sentenceFor } from '../shared/failure.ts';
import type { Terminal } from '../shared/terminal.ts';
import { connect } from './deployment.ts';
import { help, readOptions } from './options.ts';

/** Does what the command line says. Gives the exit code; whatever goes wrong is told in one sentence. */
export async function admin(args: readonly string[], { print, tell }: Terminal): Promise<0 | 1 | 2 | 3> {
  let where = 'AWS';
  try {
    const options = readOptions(args);
    if (options === 'help') {
      print(help.trimEnd());
      return 0;
    }
    const { target, command, given, isJson } = options;
    if (target.kind === 'local') where = target.url;
    const running = command.run(given, await connect(target), tell);
    const reports = Symbol.asyncIterator in running ? running : [running];
    for await (const { json, text } of reports) print(isJson ? JSON.stringify(json) : text);
    return 0;
  } catch (error) {
    tell(sentenceFor(error, where));
    return error instanceof Failure ? error.exitCode : 1;
  }
}
