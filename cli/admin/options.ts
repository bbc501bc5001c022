import type { ParseArgsConfig } from 'node:util';
import { localOrigin, parsed, usage, withLocalUrl } from '../shared/usage.ts';
import type { Command, Given, Option } from './command.ts';
import { groups, sharedOptions } from './commands.ts';

/** The server that a command is for. A stack that is not named is the project's. */
export type Target =
  | { readonly kind: 'stack'; readonly name: string | undefined }
  | { readonly kind: 'local'; readonly url: string };

/** A command to run, and how. */
export type Task = {
  readonly kind: 'task';
  readonly target: Target;
  readonly command: Command;
  readonly given: Given;
  readonly isJson: boolean;
  /** Nothing is asked before it. */
  readonly isAgreed: boolean;
};

/** What the command line asks for. */
export type Options = Task | { readonly kind: 'help'; readonly words: readonly string[] };

const commands = groups.flatMap((group) => group.commands);
const known: NonNullable<ParseArgsConfig['options']> = Object.assign(
  {},
  ...[...commands.map(({ options }) => options ?? {}), sharedOptions].map(asParsed),
);

type Values = Readonly<Record<string, unknown>>;

/** Reads the command line. Throws a usage failure that says in one sentence what is wrong. */
export function readOptions(args: readonly string[]): Options {
  const config = { args: withLocalUrl(args), options: known, allowPositionals: true };
  const { values, positionals: words }: { values: Values; positionals: readonly string[] } = parsed(config);
  if (values.help) return { kind: 'help', words };
  const command = commands.find(({ name }) => isAsked(name, words));
  if (!command) throw usage(unknownCommand(words));
  const foreign = Object.keys(values).find((name) => !(name in sharedOptions) && !(name in (command.options ?? {})));
  if (foreign) throw usage(`${command.name} does not take --${foreign}`);
  return {
    kind: 'task',
    target: target(values),
    command,
    given: given(command, words, values),
    isJson: values.json === true,
    isAgreed: values.yes === true,
  };
}

/** What Node's own parser reads of options. */
function asParsed(options: Readonly<Record<string, Option>>): NonNullable<ParseArgsConfig['options']> {
  const read = ({ type, multiple }: Option) => (multiple ? { type, multiple } : { type });
  return Object.fromEntries(Object.entries(options).map(([name, option]) => [name, read(option)]));
}

function isAsked(name: string, words: readonly string[]): boolean {
  return words.slice(0, name.split(' ').length).join(' ') === name;
}

function unknownCommand(words: readonly string[]): string {
  const names = commands.map(({ name }) => name);
  const related = names.filter((name) => name.startsWith(`${words[0]} `));
  const offered = (related.length > 0 ? related : names).join(', ');
  return words.length === 0
    ? `Say what to do: ${offered}`
    : `There is no command "${words.join(' ')}": there are ${offered}`;
}

function given({ name, operands: expected = [] }: Command, words: readonly string[], values: Values): Given {
  const operands = words.slice(name.split(' ').length);
  const [missing] = expected.slice(operands.length);
  const [surplus] = operands.slice(expected.length);
  if (missing !== undefined) throw usage(`${name} needs ${missing.what}`);
  if (surplus !== undefined) throw usage(`${name} does not take "${surplus}"`);
  for (const [at, { oneOf, what }] of expected.entries())
    if (oneOf && !oneOf.includes(operands[at] ?? '')) throw usage(`${name} needs ${what}; it is ${operands[at]}`);
  const texts = (option: string) => [values[option] ?? []].flat().map(String);
  return {
    operands,
    texts,
    text: (option) => texts(option)[0],
    isSet: (option) => values[option] === true,
  };
}

function target({ stack, local }: Values): Target {
  if (local === undefined) return { kind: 'stack', name: stack === undefined ? undefined : String(stack) };
  if (stack !== undefined) throw usage('--stack and --local cannot be used together');
  return { kind: 'local', url: localOrigin(String(local)) };
}
