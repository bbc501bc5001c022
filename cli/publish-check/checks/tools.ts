import { must } from '../../doctor/check.ts';
import type { Check } from '../check.ts';
import { mustBeNone, toolsIn } from '../require.ts';
import { toolCheck } from './tool-check.ts';

const LONGEST_DESCRIPTION = 1_024;
const hints = ['readOnlyHint', 'destructiveHint', 'openWorldHint'] as const;

/** What each tool says of itself. OpenAI, App submission; Claude, Review criteria; Copilot Studio, MCP. */
export const toolChecks: readonly Check[] = [
  {
    name: 'tools',
    lists: ['openai', 'anthropic', 'copilot'],
    remedy: 'Sign in as a person who may use them, and allow all that is asked for.',
    judge: (seen) => {
      const { length } = toolsIn(seen);
      must(length > 0, 'there are none');
      return `${length}`;
    },
  },
  {
    name: 'names of tools',
    lists: ['openai', 'anthropic', 'copilot'],
    remedy: 'Name each tool differently, by a verb, in at most 64 letters, digits, hyphens and underscores.',
    judge: (seen) => {
      const names = toolsIn(seen).map(({ name }) => name);
      const wrong = names.filter((name, at) => !/^[A-Za-z0-9_-]{1,64}$/.test(name) || names.indexOf(name) !== at);
      mustBeNone(wrong, 'will not do');
      return undefined;
    },
  },
  toolCheck('titles of tools', ['anthropic'], 'Give each tool a title.', ({ title, annotations }) =>
    (title ?? annotations?.title ?? '').trim() === '' ? 'without a title' : undefined,
  ),
  toolCheck(
    'descriptions of tools',
    ['openai', 'anthropic', 'copilot'],
    'Say in the description what the tool does and when to use it.',
    ({ description = '' }) => (description.trim() === '' ? 'without a description' : undefined),
  ),
  {
    ...toolCheck(
      'length of descriptions',
      ['openai', 'anthropic'],
      `Say it in at most ${LONGEST_DESCRIPTION} characters: some clients cut what is longer.`,
      ({ description = '' }) =>
        description.length > LONGEST_DESCRIPTION ? `longer than ${LONGEST_DESCRIPTION} characters` : undefined,
    ),
    isAdvice: true,
  },
  toolCheck(
    'hints of tools',
    ['openai', 'anthropic'],
    `Set ${hints.join(', ')} of each tool to true or false, as it is.`,
    ({ annotations }) => {
      const missing = hints.find((hint) => typeof annotations?.[hint] !== 'boolean');
      return missing && `without ${missing}`;
    },
  ),
  toolCheck(
    'hints that agree',
    ['openai', 'anthropic'],
    'A tool that only reads destroys nothing: correct one of the two hints.',
    ({ annotations }) =>
      annotations?.readOnlyHint && annotations.destructiveHint ? 'read-only and destructive at once' : undefined,
  ),
  {
    ...toolCheck('output schemas', ['openai'], 'Give each tool an output schema.', ({ outputSchema }) =>
      outputSchema ? undefined : 'without an output schema',
    ),
    isAdvice: true,
  },
];
