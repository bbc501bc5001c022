import { Deployment } from '../doctor/deployment.ts';
import type { Interruptible } from '../doctor/doctor.ts';
import { Failure, sentenceFor } from '../shared/failure.ts';
import { Trace } from '../shared/trace.ts';
import { requireFree, writeFolder } from '../shared/write-folder.ts';
import { verdictsOf } from './check.ts';
import { verdictsOfDoctor } from './checks/server.ts';
import { checks } from './checks.ts';
import { filesOf } from './files.ts';
import { gather } from './gather.ts';
import { help, type Options, readOptions } from './options.ts';
import { type Outside, outside as usual } from './outside.ts';
import { hasErrors, reportOf, shownSummary, shownVerdict } from './report.ts';
import { readSnapshot } from './snapshot.ts';

/** Does what the command line says. Returns the exit code, and reports what goes wrong in one sentence. */
export async function publishCheck(
  args: readonly string[],
  terminal: Interruptible,
  outside: Outside = usual,
): Promise<0 | 1 | 2 | 3> {
  try {
    const options = readOptions(args);
    if (options !== 'help') return await run(options, terminal, outside);
    terminal.print(help.trimEnd());
    return 0;
  } catch (error) {
    terminal.tell(sentenceFor(error, 'The server'));
    return error instanceof Failure ? error.exitCode : 1;
  }
}

async function run(options: Options, { print, tell, interruption }: Interruptible, outside: Outside): Promise<0 | 1> {
  const { doctor, lists, folder, since, stage } = options;
  const settings = await outside.settingsOf(stage);
  if (folder !== undefined) await requireFree(folder);
  const before = since === undefined ? undefined : await readSnapshot(since);
  const trace = new Trace(doctor.isVerbose ? tell : () => undefined);
  const means = { wire: trace.over(outside.wire), tell, note: (line: string) => trace.note(line) };
  const deployment = new Deployment(doctor, means);
  const { txtOf } = outside;
  const masked = (text: string) => trace.masked(text);
  const seen = await gather({ deployment, settings, before, interruption, masked, txtOf });
  const verdicts = [...verdictsOfDoctor(seen, lists), ...verdictsOf(checks, seen, lists)];
  if (doctor.isJson) print(JSON.stringify(reportOf(deployment.mcpUrl, verdicts)));
  else for (const line of [...verdicts.map(shownVerdict), '', shownSummary(verdicts)]) print(line);
  if (folder !== undefined) await write(folder, seen, tell);
  return hasErrors(verdicts) ? 1 : 0;
}

async function write(folder: string, seen: Parameters<typeof filesOf>[0], tell: (line: string) => void): Promise<void> {
  const { listing } = seen.settings;
  if (!listing) throw new Failure('Nothing was written: --write needs a listing in vestibule.config.ts.');
  const files = filesOf(seen, listing);
  await writeFolder(folder, files);
  tell(`Written to ${folder}: ${Object.keys(files).join(', ')}`);
}
