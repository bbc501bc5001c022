import { OAuthError } from '@modelcontextprotocol/client';
import { oneLine } from './terminal.ts';

/** Something that ends the program with one sentence. 1: it did not work; 2: wrong usage; 3: no sign-in. */
export class Failure extends Error {
  readonly exitCode: 1 | 2 | 3;

  constructor(sentence: string, exitCode: 1 | 2 | 3 = 1) {
    super(sentence);
    this.exitCode = exitCode;
  }
}

const unreachable: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection broke off',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the name of the host cannot be looked up now',
  UND_ERR_SOCKET: 'the connection broke off',
  TimeoutError: 'it did not answer in time',
};

/** What went wrong, for a person, on one line: a server's own words may not steer the terminal. */
export function sentenceFor(error: unknown, url: string): string {
  return oneLine(reasonOf(error, url));
}

/** The libraries wrap what the network said, so the innermost cause that is known speaks. */
function reasonOf(error: unknown, url: string): string {
  if (error instanceof Failure) return error.message;
  for (const cause of causes(error)) {
    const reason = unreachable['code' in cause ? String(cause.code) : cause.name] ?? unreachable[cause.name];
    if (reason) return `${url} cannot be reached: ${reason}.`;
  }
  if (error instanceof OAuthError) return `The authorization server refused: ${error.message} (${error.code}).`;
  const innermost = causes(error).at(-1);
  return `It did not work: ${innermost?.message ?? String(error)}`;
}

function causes(error: unknown): readonly Error[] {
  if (error instanceof AggregateError) return [error, ...error.errors.flatMap(causes)];
  if (!(error instanceof Error)) return [];
  return [error, ...causes(error.cause)];
}
