import { Fault, must } from '../../doctor/check.ts';
import type { Check } from '../check.ts';
import { toolsIn } from '../require.ts';
import { hidden, steering } from './wording.ts';

const [MOST_INSTRUCTION_BYTES, INSTRUCTIONS_READ] = [2_048, 512];

/** The instructions that go with the tools. OpenAI, App submission; Claude, Review criteria. */
export const instructionChecks: readonly Check[] = [
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
];
