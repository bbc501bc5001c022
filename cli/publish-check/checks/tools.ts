import type { Tool } from '@modelcontextprotocol/client';
import { Fault, must, NotChecked } from '../../doctor/check.ts';
import { scopesOf } from '../../shared/mcp.ts';
import type { Check } from '../check.ts';
import { mustBeNone, toolsIn } from '../require.ts';
import { changesBetween, snapshotFile, snapshotOf } from '../snapshot.ts';

const [LONGEST_DESCRIPTION, MOST_TOOLS, ADVISED_TOOLS] = [1_024, 128, 30];
const [MOST_INSTRUCTION_BYTES, INSTRUCTIONS_READ] = [2_048, 512];
const hints = ['readOnlyHint', 'destructiveHint', 'openWorldHint'] as const;
const secret =
  /^(password|passcode|passwd|pin|secret|api_?key|access_?token|credentials?|(credit_?)?card_?number|cvv|cvc|ssn)$/i;
const personal =
  /^((chat|conversation|message|prompt)_?(history|log|transcript|context)|(full|whole|entire)_?(chat|conversation|context)|transcript|((user|my|current|exact|precise|home|gps)_?)(location|position|coordinates|latitude|longitude)|diagnos[ie]s|symptoms?|medications?|(medical|health)_?(record|history|condition)s?|date_?of_?birth|passport_?number)$/i;
const executable = /^(command|cmd|shell|shell_?command|bash|script|source_?code|java_?script|python|python_?code)$/i;
/** Prefixes that the protocol keeps for itself. MCP 2026-07-28, `_meta`. */
const reserved = /^[\w-]+\.(modelcontextprotocol|mcp)(\.[\w.-]+)?\//i;
const verbs = /^(method|action|operation)$/i;
const freeForm = /^(sql|graphql|query_?string|endpoint|path|body|request)$/i;
/** What is not seen, or turns around what is. Unicode, General Category Cf, without the joiners that scripts and emoji need. */
const hidden = /[\u00AD\u180E\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF\u{E0000}-\u{E007F}]/u;
const steering =
  /\b(ignore (all |any )?(previous|other|prior)|(instead of|rather than|do not use|don't use|never use) (any )?other (tools?|servers?|apps?)|always (use|call|prefer) this|the best (tool|app|server)|(better|faster) than (any )?other)\b/i;

/** The tools as their reviewers see them. OpenAI, App submission; Claude, Review criteria; Copilot Studio, MCP. */
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
  toolCheck('hidden text', ['openai', 'anthropic'], 'Take out the characters that nobody sees.', (tool) =>
    hidden.test(JSON.stringify(tool)) ? 'with characters that nobody sees' : undefined,
  ),
  {
    ...toolCheck(
      'words of descriptions',
      ['openai', 'anthropic'],
      'Say what the tool does, and nothing of other tools or of how good it is.',
      (tool) => {
        const [words] = steering.exec([tool.description, ...inputsOf(tool).map(describedBy)].join('\n')) ?? [];
        return words && `saying "${words}"`;
      },
    ),
    isAdvice: true,
  },
  {
    name: 'scopes of tools',
    lists: ['openai'],
    remedy: 'Deploy again: the tools say what they need in securitySchemes, and the server metadata lists the scopes.',
    judge: (seen) => {
      const tools = toolsIn(seen);
      mustBeNone(
        namesOf(tools.filter(({ _meta }) => !Array.isArray(_meta?.securitySchemes))),
        'without securitySchemes',
      );
      const unknown = tools.flatMap(scopesOf).filter((scope) => !seen.scopes.includes(scope));
      mustBeNone([...new Set(unknown)], 'not in scopes_supported');
      return undefined;
    },
  },
  {
    name: 'number of tools',
    lists: ['copilot'],
    remedy: `Turn packs off in vestibule.config.ts (tools.packs) until there are ${MOST_TOOLS} at most.`,
    judge: (seen) => {
      const { length } = toolsIn(seen);
      must(length <= MOST_TOOLS, `there are ${length}`);
      return `${length}`;
    },
  },
  {
    name: 'number of tools for a model',
    lists: ['copilot'],
    isAdvice: true,
    remedy: `Serve at most ${ADVISED_TOOLS}: models choose worse among more.`,
    judge: (seen) => {
      const { length } = toolsIn(seen);
      must(length <= ADVISED_TOOLS, `there are ${length}`);
      return undefined;
    },
  },
  {
    ...toolCheck(
      'schemas for Copilot',
      ['copilot'],
      'Write the schema without references, and with one type each.',
      ({ inputSchema }) =>
        /"\$ref":|"type":\[/.test(JSON.stringify(inputSchema)) ? 'with $ref or several types' : undefined,
    ),
    isAdvice: true,
  },
  {
    name: 'instructions for models',
    lists: ['openai'],
    isAdvice: true,
    remedy: `Give a pack instructions of at most ${INSTRUCTIONS_READ} characters: which tool is for what, and what to do first.`,
    judge: (seen) => {
      toolsIn(seen);
      const { instructions = '' } = seen;
      if (instructions.trim() === '') throw new Fault('there are none');
      must(
        Buffer.byteLength(instructions) <= MOST_INSTRUCTION_BYTES,
        `they are longer than ${MOST_INSTRUCTION_BYTES} bytes`,
      );
      must(
        instructions.length <= INSTRUCTIONS_READ,
        `they have ${instructions.length} characters, of which the first ${INSTRUCTIONS_READ} are read`,
      );
      return `${instructions.length} characters`;
    },
  },
  {
    name: 'hidden text in instructions',
    lists: ['openai', 'anthropic'],
    remedy: 'Take the characters that nobody sees out of the instructions of the packs.',
    judge: (seen) => {
      toolsIn(seen);
      must(!hidden.test(seen.instructions ?? ''), 'they have characters that nobody sees');
      return undefined;
    },
  },
  {
    name: 'words of instructions',
    lists: ['openai', 'anthropic'],
    isAdvice: true,
    remedy: 'Say how to use the tools, and nothing of other tools or of how good these are.',
    judge: (seen) => {
      toolsIn(seen);
      const [words] = steering.exec(seen.instructions ?? '') ?? [];
      must(words === undefined, `they say "${words}"`);
      return undefined;
    },
  },
  {
    ...toolCheck(
      'members of _meta',
      ['openai', 'anthropic', 'copilot'],
      'Begin names of your own in _meta with a domain of yours turned around: those of the protocol are reserved.',
      ({ _meta = {} }) => {
        const name = Object.keys(_meta).find((key) => reserved.test(key));
        return name && `with ${name}`;
      },
    ),
    isAdvice: true,
  },
  {
    name: 'changes since the listing',
    lists: ['openai', 'anthropic'],
    isAdvice: true,
    remedy: 'Have it reviewed again: ChatGPT reads the tools each day, and lists keep what was reviewed.',
    judge: (seen) => {
      toolsIn(seen);
      const now = snapshotOf(seen);
      if (!seen.before || !now) throw new NotChecked(`needs --since and the ${snapshotFile} of an earlier --write`);
      mustBeNone(changesBetween(seen.before, now));
      return 'nothing';
    },
  },
];

/** A check of each tool by itself: what is wrong with one, as it follows its name. */
function toolCheck(
  name: string,
  lists: Check['lists'],
  remedy: string,
  wrongWith: (tool: Tool) => string | undefined,
): Check {
  return {
    name,
    lists,
    remedy,
    judge: (seen) => {
      const wrong = toolsIn(seen).flatMap((tool) => {
        const what = wrongWith(tool);
        return what === undefined ? [] : [`${tool.name} ${what}`];
      });
      mustBeNone(wrong);
      return undefined;
    },
  };
}

function namesOf(tools: readonly Tool[]): readonly string[] {
  return tools.map(({ name }) => name);
}

/** The inputs of a tool, by name. */
function inputsOf({ inputSchema }: Tool): readonly (readonly [name: string, schema: object])[] {
  const all = Object.entries(inputSchema.properties ?? {});
  return all.map(([name, schema]) => [name, typeof schema === 'object' && schema !== null ? schema : {}]);
}

/** A name as it is compared: `apiKey` is `api_key`. */
function snakeCase(name: string): string {
  return name.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').replaceAll(/[-. ]/g, '_');
}

function describedBy([, schema]: readonly [name: string, schema: object]): string {
  return 'description' in schema ? String(schema.description) : '';
}
