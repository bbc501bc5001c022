import { OAuthError } from '#core/oauth/error.ts';
import { commands } from './commands.ts';
import { readOperation, refused } from './operation.ts';

type Answer = { readonly ok: true; readonly result: object } | { readonly ok: false; readonly error: string };

/** Does what the operator's command line asks. No route leads here: anyone whom IAM lets invoke it is the operator. */
export async function handler(event: unknown): Promise<Answer> {
  try {
    const operation = readOperation(event);
    const run = commands.get(operation.command);
    if (!run) throw refused(`The server knows no command "${operation.command}"`);
    const result = await run(operation);
    console.info({ command: operation.command, ok: true });
    return { ok: true, result };
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    console.warn({ ok: false, error: error.code, cause: causeOf(error) });
    return { ok: false, error: error.message };
  }
}

/** Why it failed, for the log. The sentence itself may repeat what the operator typed, so it only goes to them. */
function causeOf({ cause }: OAuthError): string | undefined {
  return cause instanceof Error ? `${cause.name}: ${cause.message}` : undefined;
}
