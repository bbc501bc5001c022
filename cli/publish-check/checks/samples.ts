import type { CallToolResult } from '@modelcontextprotocol/client';
import { NotChecked } from '../../doctor/check.ts';
import type { Check } from '../check.ts';
import { mustBeNone } from '../require.ts';
import type { Sample } from '../samples.ts';
import type { Seen } from '../seen.ts';

/** What Claude Code reads of a result, in characters: 25,000 tokens of four. */
const LONGEST_RESULT = 100_000;
const internal = /^(trace|span|session|request|correlation)_?id$/i;

/** What calls of the tools give. Claude, Review criteria; OpenAI, App submission. */
export const sampleChecks: readonly Check[] = [
  {
    name: 'calls that should work',
    lists: ['openai', 'anthropic'],
    isAdvice: true,
    remedy:
      'Correct the tool, or the `examples` of its input schema: reviewers call each tool and expect a result, of the ' +
      'form that its output schema says.',
    judge: (seen) => {
      const calls = worked(seen);
      mustBeNone(calls.flatMap((sample) => failureOf(sample) ?? []));
      return `${calls.length} of the tools that only read`;
    },
  },
  {
    name: 'length of results',
    lists: ['anthropic'],
    isAdvice: true,
    remedy: 'Give fewer entries at a time, with a cursor or a limit as an input: clients cut what is longer.',
    judge: (seen) => {
      const long = worked(seen).filter((sample) => 'result' in sample && lengthOf(sample.result) > LONGEST_RESULT);
      mustBeNone(
        long.map(({ tool }) => tool),
        `gives more than ${LONGEST_RESULT} characters`,
      );
      return undefined;
    },
  },
  {
    name: 'what results tell',
    lists: ['openai'],
    isAdvice: true,
    remedy: 'Leave out what only the server needs, such as ids of requests, sessions and traces.',
    judge: (seen) => {
      const telling = worked(seen).flatMap((sample) => {
        const name = 'result' in sample ? nameLike(internal, sample.result.structuredContent) : undefined;
        return name === undefined ? [] : [`${sample.tool} tells ${name}`];
      });
      mustBeNone(telling);
      return undefined;
    },
  },
  {
    name: 'calls with a mistake',
    lists: ['anthropic'],
    isAdvice: true,
    remedy:
      'Answer with isError and a text that names the input and says what it should be, so that a model can correct it.',
    judge: (seen) => {
      const calls = samplesIn(seen).filter(({ mistaken }) => mistaken !== undefined);
      if (calls.length === 0)
        throw new NotChecked('needs a tool that only reads and takes a text, a number or a yes or no');
      mustBeNone(calls.flatMap((sample) => silenceOf(sample) ?? []));
      return `${calls.length} of the tools that only read`;
    },
  },
];

function samplesIn({ samples }: Seen): readonly Sample[] {
  if (!samples) throw new NotChecked('needs the sign-in');
  return samples;
}

/** The calls that should have worked, if there is one. */
function worked(seen: Seen): readonly Sample[] {
  const calls = samplesIn(seen).filter(({ mistaken }) => mistaken === undefined);
  if (calls.length === 0)
    throw new NotChecked('needs a tool that only reads and needs no input, or has examples in its input schema');
  return calls;
}

function failureOf(sample: Sample): string | undefined {
  if ('failure' in sample) return `${sample.tool}: ${sample.failure}`;
  return sample.result.isError ? `${sample.tool}: ${textOf(sample.result)}` : undefined;
}

/** What a model that made this mistake would not be told. */
function silenceOf(sample: Sample): string | undefined {
  const { tool, mistaken = '' } = sample;
  if ('result' in sample && !sample.result.isError) return `${tool} takes an object for ${mistaken}`;
  const said = 'failure' in sample ? sample.failure : textOf(sample.result);
  return said.includes(mistaken) ? undefined : `${tool} does not name ${mistaken}`;
}

function lengthOf(result: CallToolResult): number {
  return JSON.stringify(result.content).length;
}

function textOf({ content }: CallToolResult): string {
  return content.map((block) => (block.type === 'text' ? block.text : '')).join(' ');
}

/** The first name of a member, at any depth, that is like this. */
function nameLike(pattern: RegExp, value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, member] of Object.entries(value)) {
    const found = pattern.test(name) ? name : nameLike(pattern, member);
    if (found !== undefined) return found;
  }
  return undefined;
}
