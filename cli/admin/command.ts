import type { ParseArgsConfig } from 'node:util';
import type { Terminal } from '../shared/terminal.ts';

/** Has the deployed server carry out a command of its own. Throws a failure with the server's sentence when it refuses. */
export type Ask = (command: string, input: object) => Promise<Answer>;

/** Says what goes on while a command runs. */
export type Tell = Terminal['tell'];

export type Answer = Readonly<Record<string, unknown>>;

/** What a command prints: for programs, and for people. */
export type Report = { readonly json: object; readonly text: string };

/** What was given with a command. */
export type Given = {
  readonly operands: readonly string[];
  readonly text: (option: string) => string | undefined;
  readonly texts: (option: string) => readonly string[];
  readonly isSet: (option: string) => boolean;
};

/** A command of the operator: what it takes, and what it does. */
export type Command = {
  readonly name: string;
  /** What stands after its name, such as a client's id. */
  readonly operands?: readonly string[];
  readonly options: NonNullable<ParseArgsConfig['options']>;
  /** One report, or one after the other as they come. */
  readonly run: (given: Given, ask: Ask, tell: Tell) => Promise<Report> | AsyncIterable<Report>;
};

export const text = { type: 'string' } as const;
export const flag = { type: 'boolean' } as const;
