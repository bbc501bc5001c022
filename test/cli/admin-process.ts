import { admin as adminHere } from '../../cli/admin/admin.ts';
import { type Outcome, runHere, startProgram } from './program.ts';

/** A client as the command line tells of it with `--json`. */
export type AdminClient = {
  readonly client_id: string;
  readonly client_secret?: string;
  readonly [member: string]: unknown;
};

/** Runs the operator's command line to its end, as the program of its own that it is. */
export function adminAlone(args: readonly string[], env: Record<string, string> = {}): Promise<Outcome> {
  return startProgram('admin', args, env).ended;
}

/** The same in this process. */
export function admin(args: readonly string[]): Promise<Outcome> {
  return runHere(adminHere, args);
}

/** The operator of a server on this machine, who is sure of what they do. */
export class Operator {
  readonly #issuer: string;

  constructor(issuer: string) {
    this.#issuer = issuer;
  }

  run(...args: string[]): Promise<Outcome> {
    return admin([...args, '--yes', '--local', this.#issuer]);
  }

  /** What a command gives as JSON. Throws when it fails. */
  async json<T = AdminClient>(...args: string[]): Promise<T> {
    const { code, stdout, stderr } = await this.run(...args, '--json');
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as T;
  }

  /**
   * Sends a command past the command line, as many can be sent at a time, from a machine whose clock is so many
   * seconds ahead.
   */
  async invoke<T = AdminClient>(command: string, input: object, aheadSeconds = 0): Promise<Answered<T>> {
    const outputs = (await (await fetch(`${this.#issuer}/local/outputs`)).json()) as { readonly AdminFunction: string };
    const url = `${this.#issuer}/local/lambda/2015-03-31/functions/${outputs.AdminFunction}/invocations`;
    const time = new Date(Date.now() + aheadSeconds * 1_000).toISOString();
    const body = JSON.stringify({ command, input, time });
    return (await (await fetch(url, { method: 'POST', body })).json()) as Answered<T>;
  }

  /** What a command gives that is sent past the command line. Throws when it is refused. */
  async result<T = AdminClient>(command: string, input: object, aheadSeconds = 0): Promise<T> {
    const { ok, result, error } = await this.invoke<T>(command, input, aheadSeconds);
    if (!ok || !result) throw new Error(`${command} was refused: ${error}`);
    return result;
  }

  /** The sentence with which a command is refused. Throws when it is not. */
  async refusal(command: string, input: object): Promise<string> {
    const { ok, error } = await this.invoke(command, input);
    if (ok || error === undefined) throw new Error(`${command} was not refused`);
    return error;
  }
}

/** What the Lambda answers. */
type Answered<T> = { readonly ok: boolean; readonly result?: T; readonly error?: string };
