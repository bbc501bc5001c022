import * as z from 'zod/mini';
import { OAuthError } from '#core/oauth/error.ts';
import { audited } from '#core/store/audit.ts';
import { hidden } from '#core/store/hidden.ts';
import type { Write } from '#core/store/table.ts';

/**
 * An invocation carries no time of its own, as a request through the gateway does, so the operator's machine says it.
 * A caller who may invoke this may do everything here already: a wrong time gives them nothing more.
 */
const time = z.iso.datetime({ error: 'The time must be an ISO 8601 time in UTC' });
const shape = z.object({ command: z.string('There is no command'), time, input: z.optional(z.unknown()) });

/** What the operator asks, and when. */
export type Operation = {
  readonly command: string;
  readonly input: unknown;
  readonly now: number;
  readonly nowMilliseconds: number;
};

/** Reads what the command line sent. Throws a refusal. */
export function readOperation(event: unknown): Operation {
  const { command, time, input } = parsed(shape, event);
  const nowMilliseconds = Date.parse(time);
  return { command, input, nowMilliseconds, now: Math.floor(nowMilliseconds / 1_000) };
}

/** Reads an input of this shape. Throws a refusal with the shape's sentence about what is wrong. */
export function parsed<Shape extends z.ZodMiniType>(shape: Shape, input: unknown): z.output<Shape> {
  const result = shape.safeParse(input);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  if (issue?.code !== 'unrecognized_keys') throw refused(issue?.message ?? 'The input is not valid');
  throw refused(`The server does not know ${issue.keys.join(', ')}: deploy the version that this command line is of`);
}

/** A refusal: one sentence for the operator. */
export function refused(sentence: string): OAuthError {
  return new OAuthError('invalid_request', sentence);
}

/** The refusal of a change that another one came before. */
export function overtaken(id: string): OAuthError {
  return refused(`${id} was changed by somebody else at this moment; try again`);
}

/** The audit item of a change, to be written in its transaction. */
export function adminChange({ command, nowMilliseconds }: Operation, target: string): Write {
  const operator = { subject: 'operator', tenant: 'operator' };
  return audited(operator, { event: 'admin_change', command, target }, nowMilliseconds);
}

/**
 * The audit item of a change that is about an address. No audit item is ever removed, so it has the address as a hash,
 * which `people show` tells.
 */
export async function addressChange(operation: Operation, address: string, circumstance = ''): Promise<Write> {
  return adminChange(operation, `${await hidden('address', address)}${circumstance}`);
}
