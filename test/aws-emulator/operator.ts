import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../local/assembly.ts';
import { type Outcome, type Run, start } from '../cli/program.ts';
import { newCheckout, set } from '../support/checkout.ts';
import type { Emulator } from './emulator.ts';

/** Somebody with a copy of this repository and an account at an emulator, who types commands. */
export class Operator {
  readonly folder = newCheckout();
  readonly env: Readonly<Record<string, string>>;

  constructor({ url, region, caFile }: Emulator) {
    this.env = {
      AWS_ENDPOINT_URL: url,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_PROFILE: '',
      // Who vouches for the emulator: the one for Node, the other for the CDK's command line.
      NODE_EXTRA_CA_CERTS: caFile,
      AWS_CA_BUNDLE: caFile,
      // `test/infrastructure/checks.test.ts` has the check of the template, which takes longer than its synthesis.
      CDK_VALIDATION: 'false',
      // Each command loads much, and what one has compiled is kept for the next.
      NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/compiled'),
    };
  }

  set(settings: object): void {
    set(this.folder, settings);
  }

  /** Starts a command. */
  start(command: string): Run {
    const [program = '', ...args] = command.split(' ');
    return start([program, ...args], { cwd: this.folder, env: this.env });
  }

  /** Runs a command to its end, and shows what its last lines were. */
  async run(command: string): Promise<Outcome> {
    const outcome = await this.start(command).ended;
    show(command, outcome);
    return outcome;
  }

  leave(): void {
    rmSync(this.folder, { recursive: true });
  }
}

const LINES = 25;
const LONGEST = 160;

/** Writes a command and the end of what it printed into the log of the run. */
export function show(command: string, { code, stdout, stderr }: Outcome): void {
  const lines = `${stderr}${stdout}`.trimEnd().split('\n');
  const left = lines.length > LINES ? [`  … ${lines.length - LINES} lines`] : [];
  const shown = [...left, ...lines.slice(-LINES).map((line) => `  ${line.slice(0, LONGEST)}`)];
  process.stdout.write(`\n$ ${command}\n${shown.join('\n')}\n  exit code ${code}\n`);
}
