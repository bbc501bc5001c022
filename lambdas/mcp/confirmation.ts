import {
  CLIENT_CAPABILITIES_META_KEY,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  type ServerContext,
} from '@modelcontextprotocol/server';
import * as z from 'zod';
import { jsonMembers } from '#core/http/json-rpc.ts';
import { randomSecret, sha256 } from '#core/oauth/digest.ts';
import { newConfirmation, takeConfirmation } from '#core/store/confirmations.ts';
import type { Write } from '#core/store/table.ts';
import type { Exchange } from './exchange.ts';

export type McpRequest = ServerContext['mcpReq'];

const KEY = 'confirm';
/** The buttons of the client are the answer, so the form has no field. */
const nothing = z.object({});

/** True if the client can show a person a form in the course of a call. MCP 2026-07-28, Elicitation. */
export function canAsk({ envelope }: McpRequest): boolean {
  const { elicitation } = jsonMembers(jsonMembers(envelope)[CLIENT_CAPABILITIES_META_KEY]);
  if (typeof elicitation !== 'object' || elicitation === null) return false;
  const { form, url } = jsonMembers(elicitation);
  return form !== undefined || url === undefined;
}

/** What a question is about: a call of a tool with these arguments, asked in these words, and what it would remove. */
export type Subject = {
  readonly tool: string;
  readonly read: Readonly<Record<string, unknown>>;
  readonly question: string;
  readonly writes: readonly Write[];
};

/** What a person answered to a question. Whether it was ever asked shows when it is taken. */
export type Answer = { readonly isYes: boolean; readonly hash: string };

/** The answer that a call brings along, if it brings one. */
export function answerIn({ inputResponses, requestState }: McpRequest): Answer | undefined {
  const state = requestState();
  const response = inputResponse(inputResponses, KEY);
  if (typeof state !== 'string' || response.kind !== 'elicit') return undefined;
  return { isYes: response.action === 'accept', hash: sha256(state) };
}

/** Takes an answer, so that it serves once, and for nothing but what the person was shown. */
export function taking({ hash }: Answer, about: Subject, exchange: Exchange): Write {
  return takeConfirmation(hash, bindingOf(about, exchange), exchange.request.now);
}

/** Asks the person. The state that the client brings back names a question in the table, and says nothing by itself. */
export async function ask(question: string, about: Subject, exchange: Exchange): Promise<InputRequiredResult> {
  const state = randomSecret();
  const asked = newConfirmation(sha256(state), bindingOf(about, exchange), exchange.request.now);
  await exchange.commit([asked], about.tool, 'asked');
  exchange.count(about.tool, 'asked');
  const inputRequests = { [KEY]: inputRequired.elicit({ message: question, requestedSchema: nothing }) };
  return inputRequired({ inputRequests, requestState: state });
}

/**
 * An answer counts for the person, the grant, the tool, the arguments, the question and the very items that the call would
 * remove when it was asked; what a client slips in beside the arguments may differ.
 */
function bindingOf({ tool, read, question, writes }: Subject, { caller }: Exchange): string {
  const { subject, tenant } = caller.principal;
  const removed = writes.filter((write) => 'remove' in write);
  return sha256(JSON.stringify([tenant, subject, caller.grantId, tool, read, question, removed]));
}
