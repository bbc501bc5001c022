import type { Check } from '../check.ts';
import { inputsOf, toolCheck } from './tool-check.ts';

const secret =
  /^(password|passcode|passwd|pin|secret|api_?key|access_?token|credentials?|(credit_?)?card_?number|cvv|cvc|ssn)$/i;
const personal =
  /^((chat|conversation|message|prompt)_?(history|log|transcript|context)|(full|whole|entire)_?(chat|conversation|context)|transcript|((user|my|current|exact|precise|home|gps)_?)(location|position|coordinates|latitude|longitude)|diagnos[ie]s|symptoms?|medications?|(medical|health)_?(record|history|condition)s?|date_?of_?birth|passport_?number)$/i;
const executable = /^(command|cmd|shell|shell_?command|bash|script|source_?code|java_?script|python|python_?code)$/i;
const verbs = /^(method|action|operation)$/i;
const freeForm = /^(sql|graphql|query_?string|endpoint|path|body|request)$/i;

/** What tools ask for. OpenAI, App submission; Claude, Review criteria. */
export const inputChecks: readonly Check[] = [
  toolCheck(
    'inputs that are secret',
    ['openai', 'anthropic'],
    'Have people sign in, or open a page of yours: no tool may ask for passwords, keys or card numbers.',
    (tool) => {
      const asked = inputsOf(tool).find(([name]) => secret.test(snakeCase(name)));
      return asked && `asking for ${asked[0]}`;
    },
  ),
  {
    ...toolCheck(
      'inputs about people',
      ['openai'],
      'Ask only for what the tool needs: not for the conversation, somebody’s exact whereabouts or health.',
      (tool) => {
        const asked = inputsOf(tool).find(([name]) => personal.test(snakeCase(name)));
        return asked && `asking for ${asked[0]}`;
      },
    ),
    isAdvice: true,
  },
  {
    ...toolCheck(
      'tools that run anything',
      ['openai', 'anthropic'],
      'Make a tool of each thing that people want done, in place of one that runs what it is given.',
      (tool) => {
        const run = inputsOf(tool).find(([name]) => executable.test(snakeCase(name)));
        return run && `running ${run[0]}`;
      },
    ),
    isAdvice: true,
  },
  {
    ...toolCheck(
      'tools that do one thing',
      ['anthropic'],
      'Make a tool of each action, so that what reads and what writes are apart.',
      (tool) => {
        const verb = inputsOf(tool).find(([name, schema]) => verbs.test(name) && 'enum' in schema);
        return verb && `choosing what to do by ${verb[0]}`;
      },
    ),
    isAdvice: true,
  },
  {
    ...toolCheck(
      'free-form calls',
      ['anthropic'],
      'Name the API in the description, and link to its documentation.',
      (tool) => {
        const free = inputsOf(tool).find(([name]) => freeForm.test(name));
        return free && !/https:\/\//.test(tool.description ?? '') ? `taking ${free[0]}` : undefined;
      },
    ),
    isAdvice: true,
  },
];

/** A name as it is compared: `apiKey` is `api_key`. */
function snakeCase(name: string): string {
  return name.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').replaceAll(/[-. ]/g, '_');
}
