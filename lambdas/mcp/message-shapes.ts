import { jsonMembers } from '#core/http/json-rpc.ts';
import type { Message } from './message.ts';

/** Says in a sentence what is wrong with a value of this name, if anything is. */
type Check = (value: unknown, name: string) => string | undefined;
type Checks = Readonly<Record<string, Check>>;

/** What is wrong with a message, and the HTTP status that goes with it. */
export type Fault = { readonly sentence: string; readonly status: 200 | 400 };

const LONGEST_NAME = 60;
const LONGEST_TOKEN = 256;
const LONGEST_URI = 4_000;
const META = 'io.modelcontextprotocol/';
const REVISION = `${META}protocolVersion`;

const text = kind('a text', (value) => typeof value === 'string');
const flag = kind('true or false', (value) => typeof value === 'boolean');
const number = kind('a number', Number.isFinite);
const object = kind('an object', (value) => typeof value === 'object' && value !== null && !Array.isArray(value));
const id = kind('a text or a whole number', (value) => typeof value === 'string' || Number.isSafeInteger(value));

/** No address of a resource is longer, and the SDK fails at one that is far longer. */
const uri = kind(
  `a text of at most ${LONGEST_URI} characters`,
  (value) => typeof value === 'string' && value.length <= LONGEST_URI,
);

/** Each notice of progress has the token in it, so a long one would make the answer too long. */
const token = kind(`a text of at most ${LONGEST_TOKEN} characters or a whole number`, (value) =>
  typeof value === 'string' ? value.length <= LONGEST_TOKEN : Number.isSafeInteger(value),
);

const icon = members({ src: text }, { mimeType: text, sizes: eachItem(text), theme: oneOf('light', 'dark') });
/** What a client says of how it is shown to people. */
const looks: Checks = { title: text, description: text, websiteUrl: text, icons: eachItem(icon) };
const clientInfo = members({ name: text, version: text }, looks);
const tasks = members(
  {},
  {
    list: object,
    cancel: object,
    requests: members(
      {},
      { sampling: members({}, { createMessage: object }), elicitation: members({}, { create: object }) },
    ),
  },
);
const capabilities = members(
  {},
  {
    experimental: eachMember(object),
    extensions: eachMember(object),
    tasks,
    roots: members({}, { listChanged: flag }),
    sampling: members({}, { context: object, tools: object }),
    elicitation: members({}, { form: members({}, { applyDefaults: flag }), url: object }),
  },
);
const levels = oneOf('debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency');
const meta = members(
  {},
  {
    progressToken: token,
    [`${META}related-task`]: members({ taskId: text }),
    [REVISION]: text,
    [`${META}clientInfo`]: clientInfo,
    [`${META}clientCapabilities`]: capabilities,
    [`${META}logLevel`]: levels,
  },
);

/** What a client brings along when it answers a question. MCP 2026-07-28, Multi Round-Trip Requests. */
const answers = { inputResponses: eachMember(object), requestState: text };
/** A list that is always given as a whole has no cursor that anybody could have. */
const noCursor: Check = () => 'The cursor is not one that this server gave: start again without it';
const paged = members({}, { cursor: noCursor });
const argument = members({ name: text, value: text });
const context = members({}, { arguments: eachMember(text) });

const ofBoth: Checks = {
  'tools/list': paged,
  'tools/call': members({ name: text }, { arguments: object, task: members({}, { ttl: number }), ...answers }),
  'prompts/list': paged,
  'prompts/get': members({ name: text }, { arguments: eachMember(text), ...answers }),
  'resources/list': members({}, { cursor: text }),
  'resources/templates/list': paged,
  'resources/read': members({ uri }, answers),
  'completion/complete': members({ ref: reference, argument }, { context }),
};
const of2025: Checks = {
  ...ofBoth,
  initialize: members({ protocolVersion: text, capabilities, clientInfo }),
  ping: members({}),
};
const of2026: Checks = {
  ...ofBoth,
  'server/discover': members({}),
  'subscriptions/listen': members({
    notifications: members(
      {},
      {
        toolsListChanged: flag,
        promptsListChanged: flag,
        resourcesListChanged: flag,
        resourceSubscriptions: eachItem(text),
      },
    ),
  }),
};

/**
 * Says what is wrong with the shape of a request, before the SDK says it in its validator's words. What is no request,
 * and what asks for a method that is not served in its revision, is left to the SDK. MCP 2026-07-28 and 2025-11-25,
 * schema.
 */
export function faultIn({ jsonrpc, id: requestId, method, params = {} }: Message): Fault | undefined {
  const isRequest = jsonrpc === '2.0' && !id(requestId, 'id') && typeof method === 'string';
  if (!isRequest) return undefined;
  const { _meta } = jsonMembers(params);
  const methods = namesRevision(params) ? of2026 : of2025;
  const check = Object.hasOwn(methods, method) ? methods[method] : undefined;
  if (!check) return undefined;
  const inMeta = _meta === undefined ? undefined : meta(_meta, '_meta');
  const sentence = inMeta ?? check(params, '');
  return sentence === undefined ? undefined : { sentence: `${sentence}.`, status: inMeta ? 400 : 200 };
}

/** True if a request names its revision, and so is one of 2026-07-28 or later. MCP 2026-07-28, Versioning. */
export function namesRevision(params: unknown): boolean {
  return REVISION in jsonMembers(jsonMembers(params)._meta);
}

/** True if a member of `clientInfo` is only shown to people, and of a shape in which it cannot be. */
export function cannotBeShown(name: string, value: unknown): boolean {
  return Object.hasOwn(looks, name) && looks[name]?.(value, name) !== undefined;
}

function kind(words: string, holds: (value: unknown) => boolean): Check {
  return (value, name) => {
    if (holds(value)) return undefined;
    return `${name || 'params'} ${value === undefined ? 'is missing: it ' : ''}must be ${words}`;
  };
}

function oneOf(...choices: readonly string[]): Check {
  return kind(`one of ${choices.join(', ')}`, (value) => typeof value === 'string' && choices.includes(value));
}

/** An object that needs some members and may have others, and more that nobody knows here. */
function members(needed: Checks, optional: Checks = {}): Check {
  return (value, name) => {
    const wrong = object(value, name);
    if (wrong) return wrong;
    const given = jsonMembers(value);
    const present = Object.entries(optional).filter(([member]) => given[member] !== undefined);
    return firstFault([...Object.entries(needed), ...present], given, name);
  };
}

function eachMember(check: Check): Check {
  return (value, name) => {
    const given = jsonMembers(value);
    return (
      object(value, name) ??
      firstFault(
        Object.keys(given).map((member) => [member, check]),
        given,
        name,
      )
    );
  };
}

function eachItem(check: Check): Check {
  return (value, name) => {
    if (!Array.isArray(value)) return `${name} must be a list`;
    return value.map((item, at) => check(item, `${name}[${at}]`)).find((sentence) => sentence !== undefined);
  };
}

function firstFault(
  checks: readonly (readonly [string, Check])[],
  given: Readonly<Record<string, unknown>>,
  name: string,
): string | undefined {
  for (const [member, check] of checks) {
    const sentence = check(given[member], `${name && `${name}.`}${member.slice(0, LONGEST_NAME)}`);
    if (sentence) return sentence;
  }
  return undefined;
}

/** What is to be completed: an argument of a prompt, or a variable of a template. MCP 2026-07-28, Completion. */
function reference(value: unknown, name: string): string | undefined {
  const { type } = jsonMembers(value);
  const kinds = oneOf('ref/prompt', 'ref/resource');
  return members({ type: kinds, [type === 'ref/resource' ? 'uri' : 'name']: text })(value, name);
}
