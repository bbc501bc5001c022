import { type Outcome, startProgram } from './program.ts';

/** A client as the command line tells of it with `--json`. */
export type AdminClient = {
  readonly client_id: string;
  readonly client_secret?: string;
  readonly [member: string]: unknown;
};

/** Runs the operator's command line to its end. */
export function admin(args: readonly string[], env: Record<string, string> = {}): Promise<Outcome> {
  return startProgram('admin', args, env).ended;
}

/** The operator of a server on this machine. */
export class Operator {
  readonly #issuer: string;

  constructor(issuer: string) {
    this.#issuer = issuer;
  }

  run(...args: string[]): Promise<Outcome> {
    return admin([...args, '--local', this.#issuer]);
  }

  /** What a command gives as JSON. Throws when it fails. */
  async json(...args: string[]): Promise<AdminClient> {
    const { code, stdout, stderr } = await this.run(...args, '--json');
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as AdminClient;
  }

  /** Sends a command past the command line, as many can be sent at a time. */
  async invoke(command: string, input: object): Promise<{ readonly ok: boolean; readonly result?: AdminClient }> {
    const outputs = (await (await fetch(`${this.#issuer}/local/outputs`)).json()) as { readonly AdminFunction: string };
    const url = `${this.#issuer}/local/lambda/2015-03-31/functions/${outputs.AdminFunction}/invocations`;
    const body = JSON.stringify({ command, input, time: new Date().toISOString() });
    return (await (await fetch(url, { method: 'POST', body })).json()) as { ok: boolean; result?: AdminClient };
  }
}
