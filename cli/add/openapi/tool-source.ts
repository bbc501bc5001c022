import type { Document } from './document.ts';
import { type Key, keysFor } from './keys.ts';
import { wordsOf } from './names.ts';
import { type Inputs, inputSource, inputsOf } from './parameters.ts';
import type { Found } from './plan.ts';
import { Unmakeable } from './references.ts';
import { braced, described, indented, plain, quoted } from './source.ts';

const [LONGEST_TITLE, LONGEST_DESCRIPTION] = [60, 900];

/** A tool that can be written, as what its file needs. */
export type ToolSource = {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly method: string;
  readonly path: string;
  readonly isReading: boolean;
  readonly inputs: Inputs;
  readonly keys: readonly Key[];
};

type Context = {
  /** What a model reads as the name of the API. */
  readonly api: string;
  /** Takes a name, once it is certain that there is a tool. */
  readonly name: () => string;
  readonly leaves: (reason: string) => void;
};

/** Makes a tool of an operation. Throws an Unmakeable that says why there can be none. */
export function toolSource(document: Document, found: Found, { api, name, leaves }: Context): ToolSource {
  const { method, path, operation } = found;
  if (method === 'OPTIONS' || method === 'TRACE') throw new Unmakeable(`its method is ${method}`);
  if (operation.servers) throw new Unmakeable('it is at an address of its own');
  const keys = keysFor(document, operation.security);
  const inputs = inputsOf(document, found, leaves);
  const own = name();
  const { summary, description } = operation;
  const words = [summary, description === summary ? undefined : description].flatMap((text) => sentence(text));
  const calls = `Calls ${method} ${plain(path)} of ${api}.`;
  const said = described(words.join(' '), LONGEST_DESCRIPTION - calls.length - 1);
  return {
    name: own,
    title: described(summary, LONGEST_TITLE).replace(/\.$/, '') || titled(wordsOf(own)),
    description: said === '' ? calls : `${said} ${calls}`,
    method,
    path,
    isReading: method === 'GET' || method === 'HEAD',
    inputs,
    keys,
  };
}

function sentence(text: string | undefined): string[] {
  const words = described(text, LONGEST_DESCRIPTION);
  if (words === '') return [];
  return [/[.!?:…]$/.test(words) ? words : `${words}.`];
}

function titled(words: readonly string[]): string {
  const text = words.join(' ').slice(0, LONGEST_TITLE);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The file of a tool. */
export function toolFile(tool: ToolSource, api: string, scope: string): string {
  const { name, title, description, method, path, inputs, keys } = tool;
  const { pathValues, query, headers, body, imports } = inputs;
  const given = inputs.members.length > 0 ? 'input' : '_input';
  const part = (of: string, members: readonly string[]) => (members.length > 0 ? [`${of}: ${braced(members)}`] : []);
  const request = [
    `method: ${quoted(method)}`,
    `path: ${quoted(path)}`,
    ...part('pathValues', pathValues),
    ...part('query', query),
    ...part('headers', headers),
    ...(body === undefined ? [] : [body]),
    ...(keys.length > 0 ? [`keys: [${keys.map((key) => quoted(key.name)).join(', ')}]`] : []),
  ];
  const fromService = ['apiAnswer', 'callApi', ...imports].sort().join(', ');
  return `import { defineTool } from ${quoted('vestibule-mcp')};
import { ${fromService} } from ${quoted('vestibule-mcp/service')};
import * as z from ${quoted('zod')};
import { ${api} } from ${quoted('./api.ts')};

export default defineTool({
  name: ${quoted(name)},
  title: ${quoted(title)},
  description:${description.length < 100 ? ' ' : '\n    '}${quoted(description)},
  scope: ${quoted(scope)},
  input: ${indented(inputSource(inputs)).trimStart()},
  output: apiAnswer,
  annotations: ${effects(method)},
  run: (${given}, call) =>
    callApi(${api}, call, ${indented(indented(braced(request, 0))).trimStart()}),
});
`;
}

/**
 * What a method says of its effects, at the worst: a POST may overwrite, for all that its document says. RFC 9110 §9.2.
 */
function effects(method: string): string {
  const isReading = method === 'GET' || method === 'HEAD';
  const isIdempotent = isReading || method === 'PUT' || method === 'DELETE';
  return `{ readOnlyHint: ${isReading}, destructiveHint: ${!isReading}, idempotentHint: ${isIdempotent}, openWorldHint: true }`;
}
