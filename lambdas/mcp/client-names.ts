/**
 * What clients put among the arguments of a tool for themselves. The model did not write it and cannot leave it out.
 * Names that a model could have meant, such as `id` or `user`, are not here.
 */
const byClient: Readonly<Record<string, readonly string[]>> = {
  n8n: ['toolCallId', 'tool', 'sessionId', 'action', 'chatInput', 'chatMessage'],
  Cline: ['task_progress'],
  'Gemini CLI': ['wait_for_previous'],
  'Windsurf and Antigravity': ['waitForPreviousTools', 'toolAction', 'toolSummary'],
  'Cursor, for a tool without arguments': ['random_string'],
  'Microsoft Agent Framework': ['chat_options', 'conversation_id', 'response_format', 'thread'],
  LibreChat: ['conversationId', 'messageId', 'parentMessageId'],
  Flowise: ['chatId'],
  Pi: ['sessionKey'],
  'as a note to the person': ['tool_call_description'],
  'in the style of another language': [
    'tool_call_id',
    'tool_name',
    'session_id',
    'thread_id',
    'threadId',
    'run_id',
    'runId',
  ],
  'of the protocol, one level too deep': ['progressToken'],
};

const known = new Set(Object.values(byClient).flat());

/** What begins with one underscore is nothing that a model reads in a schema; with two it may hold what the model wrote. */
const PRIVATE = /^_(?!_)/;

/**
 * True if clients are known to slip in an argument of this name, or mark it as their own. What is an argument of the tool
 * but for the underscore may be the model's mistake.
 */
export function isClientName(name: string, own: readonly string[] = []): boolean {
  return known.has(name) || (PRIVATE.test(name) && !own.includes(name.slice(1)));
}
