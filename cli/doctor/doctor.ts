import { Failure, sentenceFor } from '../shared/failure.ts';
import type { Terminal } from '../shared/terminal.ts';
import { Trace } from '../shared/trace.ts';
import { wire } from '../shared/wire.ts';
import { groups } from './checks.ts';
import { Deployment } from './deployment.ts';
import { examine, type Finding } from './examine.ts';
import { help, type Options, readOptions } from './options.ts';
import { hasFailed, reportOf, shownFinding, shownSummary } from './report.ts';

/** Where the program speaks, and how it learns that it should stop. */
export type Interruptible = Terminal & { readonly interruption: AbortSignal };

/** Does what the command line says. Returns the exit code, and reports a wrong command line in one sentence. */
export async function doctor(args: readonly string[], terminal: Interruptible): Promise<0 | 1 | 2 | 3> {
  try {
    const options = readOptions(args);
    if (options !== 'help') return await run(options, terminal);
    terminal.print(help.trimEnd());
    return 0;
  } catch (error) {
    terminal.tell(sentenceFor(error, 'The server'));
    return error instanceof Failure ? error.exitCode : 1;
  }
}

async function run(options: Options, { print, tell, interruption }: Interruptible): Promise<0 | 1> {
  const { isJson, isVerbose } = options;
  const trace = new Trace(isVerbose ? tell : () => undefined);
  const deployment = new Deployment(options, { wire: trace.over(wire), tell, note: (line) => trace.note(line) });
  const findings = await examine({
    groups,
    deployment,
    interruption,
    masked: (text) => trace.masked(text),
    tell: isJson ? () => undefined : underTitles(print),
  });
  print(isJson ? JSON.stringify(reportOf(deployment.issuer, findings)) : `\n${shownSummary(findings)}`);
  return hasFailed(findings) || interruption.aborted ? 1 : 0;
}

/** Prints each finding as it comes, under the title of its group. */
function underTitles(print: Terminal['print']): (finding: Finding) => void {
  let title = '';
  return (finding) => {
    if (finding.group !== title) print(`${title && '\n'}${finding.group}`);
    title = finding.group;
    print(shownFinding(finding));
  };
}
