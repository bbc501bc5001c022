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

/** What stands after a command's name: as the help writes it, and as a sentence calls it. */
export type Operand = {
  readonly shown: string;
  readonly what: string;
  /** What it may be, where that is a short list. */
  readonly oneOf?: readonly string[];
};

/** An option: how its value is written in the help, if it has one, and what it does. */
export type Option = {
  readonly type: 'string' | 'boolean';
  readonly multiple?: true;
  readonly value?: string;
  readonly does: string;
  readonly oneOf?: readonly string[];
};

/** A command of the operator: what it takes, and what it does. The command line, its help and the shells read this. */
export type Command = {
  readonly name: string;
  readonly does: string;
  readonly operands?: readonly Operand[];
  readonly options?: Readonly<Record<string, Option>>;
  /** Command lines without what comes before the command's name. */
  readonly examples: readonly string[];
  /** What is asked before something that cannot be undone. Undefined where nothing is lost. */
  readonly question?: (given: Given) => string | undefined;
  /** It asks no server. */
  readonly isOfThisMachine?: true;
  /** One report, or one after the other as they come. */
  readonly run: (given: Given, ask: Ask, tell: Tell) => Promise<Report> | AsyncIterable<Report>;
};

/** Commands about one thing. */
export type Group = { readonly title: string; readonly commands: readonly Command[] };

/** An option with a value. */
export function text(value: string, does: string, oneOf?: readonly string[]): Option {
  return oneOf === undefined ? { type: 'string', value, does } : { type: 'string', value, does, oneOf };
}

/** An option without one. */
export function flag(does: string): Option {
  return { type: 'boolean', does };
}

export const operands = {
  client: { shown: 'ID', what: 'the id of a client' },
  urlOrHost: { shown: 'URL|HOST', what: 'the URL of a metadata document, or a host' },
  tenant: { shown: 'ID', what: 'the id of a tenant' },
  trust: { shown: 'TRUST', what: 'the id of a trust' },
  newTenant: { shown: 'TENANT', what: 'a tenant' },
  domain: { shown: 'DOMAIN', what: 'a domain' },
  address: { shown: 'ADDRESS', what: 'an email address' },
  addressOrNetwork: { shown: 'ADDRESS', what: 'an email or IP address' },
  grant: { shown: 'GRANT', what: 'the id of a grant' },
  shell: { shown: 'SHELL', what: 'a shell: bash, zsh or fish', oneOf: ['bash', 'zsh', 'fish'] },
} as const satisfies Readonly<Record<string, Operand>>;
