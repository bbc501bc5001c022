import { connect } from './admin/deployment.ts';
import { help, readOptions } from './admin/options.ts';
import { Failure, sentenceFor } from './shared/failure.ts';

process.stdout.on('error', endOfReader);
process.exitCode = await main(process.argv.slice(2));

/** Does what the command line says. Gives the exit code; whatever goes wrong is one sentence on stderr. */
async function main(args: readonly string[]): Promise<number> {
  let where = 'AWS';
  try {
    const options = readOptions(args);
    if (options === 'help') return print(help.trimEnd());
    const { target, command, given, isJson } = options;
    if (target.kind === 'local') where = target.url;
    const running = command.run(given, await connect(target));
    const reports = Symbol.asyncIterator in running ? running : [running];
    for await (const { json, text } of reports) print(isJson ? JSON.stringify(json) : text);
    return 0;
  } catch (error) {
    process.stderr.write(`${sentenceFor(error, where)}\n`);
    return error instanceof Failure ? error.exitCode : 1;
  }
}

/** Whoever reads the output may have seen enough, as `head` has. */
function endOfReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
}

function print(text: string): 0 {
  process.stdout.write(`${text}\n`);
  return 0;
}
