import { parseArgs } from 'node:util';
import { Failure } from '../shared/failure.ts';

export const help = `Deploys the server to AWS with the settings in vestibule.config.ts.

  npm run deploy
  npm run deploy -- --diff
  npm run deploy -- --stage prod --require-approval never

  --diff            show what would change without deploying
  --stage NAME      deploy this stage of the settings (default: the one without a name)
  --profile NAME    the AWS profile with the credentials and the region
  --help            print this

\`--profile\` and all other options go to \`cdk deploy\`, or to \`cdk diff\`.
`;

/** What the command line asks for. */
export type Options = {
  readonly stage: string | undefined;
  readonly profile: string | undefined;
  /** True to show what a deploy would change instead of deploying. */
  readonly showsDifference: boolean;
  /** All but the stage and `--diff`, as it was given. */
  readonly forCdk: readonly string[];
};

/** Reads our own options of the command line. Throws a usage failure when one has no value. */
export function readOptions(args: readonly string[]): Options | 'help' {
  const options = {
    stage: { type: 'string' },
    profile: { type: 'string' },
    diff: { type: 'boolean' },
    help: { type: 'boolean' },
  } as const;
  const { values, tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  if (values.help) return 'help';
  const taken = tokens.flatMap((token) => {
    if (token.kind === 'option' && token.name === 'diff') return [token.index];
    if (token.kind !== 'option' || token.name !== 'stage') return [];
    return token.inlineValue ? [token.index] : [token.index, token.index + 1];
  });
  const forCdk = args.filter((_, index) => !taken.includes(index));
  return {
    stage: named('stage', values.stage),
    profile: named('profile', values.profile),
    showsDifference: values.diff === true,
    forCdk,
  };
}

function named(option: string, value: unknown): string | undefined {
  if (value === undefined || (typeof value === 'string' && value !== '')) return value;
  throw new Failure(`--${option} needs a name.`, 2);
}
