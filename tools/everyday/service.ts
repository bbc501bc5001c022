import type * as z from 'zod';
import { optionalEnv } from '#core/env.ts';
import { askService, type ServiceRequest } from '#core/fetch/ask-service.ts';
import { type PublicCall, ToolError } from '../define-tool.ts';

const timeoutSeconds = Number(optionalEnv('SERVICE_TIMEOUT_SECONDS') || 8);
if (!(timeoutSeconds > 0 && timeoutSeconds <= 20)) {
  throw new Error('SERVICE_TIMEOUT_SECONDS must be a number of seconds, up to 20');
}

/** When a call stops waiting for services, however many it asks. */
export function deadline({ signal }: Pick<PublicCall, 'signal'>): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(timeoutSeconds * 1_000)]);
}

/** The address of a path below a base that the operator may have set, with a query. */
export function address(base: string, path: string, query: Readonly<Record<string, string | number>> = {}): URL {
  const url = new URL(base.replace(/\/*$/, path));
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
  return url;
}

/** Asks a service and reads its answer. Throws a ToolError that names the service when there is none, or another. */
export async function ask<T>(service: string, question: ServiceRequest, answer: z.ZodType<T>): Promise<T> {
  const fetched = await askService(question);
  if (!fetched.ok) throw new ToolError(`${service} is of no help just now: ${fetched.reason}. Try again later.`);
  const read = answer.safeParse(fetched.value);
  if (!read.success) throw new ToolError(`${service} answered in a way that is not understood here.`);
  return read.data;
}
