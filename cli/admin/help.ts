import { padded, widthOf, wrapped } from '../shared/layout.ts';
import { columnsOf } from '../shared/terminal.ts';
import type { Command, Group, Option } from './command.ts';
import { groups, sharedOptions } from './commands.ts';

const [COMMAND_COLUMN, OPTION_COLUMN, MOST_COLUMNS] = [22, 30, 110];

const introduction =
  'Administers a deployed server, or with --local the one that `npm start` runs. Without --local, it uses the stack ' +
  'Vestibule in the account and region from your AWS environment variables, such as AWS_PROFILE and AWS_REGION.';

const exitCodes = 'Exit codes: 0 it worked, 1 it failed, 2 wrong usage.';
const wayOn =
  'npm run admin -- clients --help explains the commands about clients, with examples. So does --help after other commands.';

/** What `--help` prints: all commands, or those whose names begin with what was typed, with options and examples. */
export function helpFor(words: readonly string[]): string {
  const asked = words.join(' ');
  const found = groups.flatMap(({ title, commands }) => {
    const chosen = commands.filter(({ name }) => `${name} `.startsWith(`${asked} `));
    return chosen.length === 0 ? [] : [{ title, commands: chosen }];
  });
  if (asked === '' || found.length === 0) return overview();
  return `${found.map(explained).join('\n\n')}\n\n${everywhere()}`;
}

function overview(): string {
  const [examples, lists] = [groups.flatMap(firstExample), groups.map(listed)];
  return [
    paragraph(introduction),
    examples.map(shownExample).join('\n'),
    ...lists,
    everywhere(),
    paragraph(wayOn),
  ].join('\n\n');
}

function firstExample({ commands }: Group): readonly string[] {
  return commands.flatMap(({ examples }) => examples).slice(0, 1);
}

function listed({ title, commands }: Group): string {
  return [paragraph(`${title}:`), ...commands.map(shownCommand)].join('\n');
}

function explained({ title, commands }: Group): string {
  const inFull = commands.map((command) => [shownCommand(command), ...optionsOf(command)].join('\n'));
  const examples = commands.flatMap((command) => command.examples);
  return `${paragraph(`${title}:`)}\n${inFull.join('\n')}\n\nExamples:\n${examples.map(shownExample).join('\n')}`;
}

function everywhere(): string {
  const options = Object.entries(sharedOptions).map(shownOption(2));
  return ['With every command:', ...options, '', paragraph(exitCodes)].join('\n');
}

function optionsOf({ options = {} }: Command): readonly string[] {
  return Object.entries(options).map(shownOption(4));
}

function shownCommand({ name, operands = [], does }: Command): string {
  const usage = [name, ...operands.map(({ shown }) => shown)].join(' ');
  return hanging(`  ${usage}`, does, COMMAND_COLUMN);
}

function shownOption(indent: number) {
  return ([name, { value, does, multiple }]: readonly [string, Option]): string => {
    const usage = value === undefined ? `--${name}` : `--${name} ${value}`;
    return hanging(`${' '.repeat(indent)}${usage}`, multiple ? `${does}; may be repeated` : does, OPTION_COLUMN);
  };
}

function shownExample(example: string): string {
  // npm writes what it runs into the output too, unless it is told not to.
  return `  npm run ${example.includes(' > ') ? '--silent ' : ''}admin -- ${example}`;
}

/** A name with its explanation in the next column, or below it if the name is too long. */
function hanging(name: string, says: string, column: number): string {
  const lines = wrapped(says, columns() - column);
  const indented = lines.map((line) => `${' '.repeat(column)}${line}`);
  if (widthOf(name) >= column - 1) return [name, ...indented].join('\n');
  return [`${padded(name, column)}${lines[0] ?? ''}`, ...indented.slice(1)].join('\n');
}

function paragraph(text: string): string {
  return wrapped(text, columns()).join('\n');
}

function columns(): number {
  return Math.min(MOST_COLUMNS, columnsOf(process.stdout));
}
