import { parseArgs } from 'node:util';
import { Failure } from '../shared/failure.ts';

export const help = `Deploys the server to AWS, with the settings in vestibule.config.ts.

  npm run deploy
  npm run deploy -- --stage prod --require-approval never

  --stage NAME      deploy this stage of the settings (default the only one, or the one without a name)
  --profile NAME    the AWS profile with the credentials and the region
  --help            print this

All other options go to \`cdk deploy\`.
`;

/** What the command line asks for. */
export type Options = {
  readonly stage: string | undefined;
  readonly profile: string | undefined;
  /** What is for the CDK. */
  readonly others: readonly string[];
};

const own = ['stage', 'profile', 'help'] as const;

/** Takes our own options from the command line. Throws a usage failure when one has no value. */
export function readOptions(args: readonly string[]): Options | 'help' {
  const options = { stage: { type: 'string' }, profile: { type: 'string' }, help: { type: 'boolean' } } as const;
  const { values, tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  if (values.help) return 'help';
  const taken = tokens.flatMap((token) => {
    if (token.kind !== 'option' || !isOwn(token.name)) return [];
    return token.inlineValue ? [token.index] : [token.index, token.index + 1];
  });
  const others = args.filter((_, index) => !taken.includes(index));
  return { stage: named('stage', values.stage), profile: named('profile', values.profile), others };
}

function isOwn(name: string): boolean {
  return own.some((option) => option === name);
}

function named(option: string, value: unknown): string | undefined {
  if (value === undefined || (typeof value === 'string' && value !== '')) return value;
  throw new Failure(`--${option} needs a name.`, 2);
}
