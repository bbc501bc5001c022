import { appendFileSync } from 'node:fs';
import { functionName } from '../names.ts';
import type { AccessRequest } from './evaluate.ts';

const noted = new Set<string>();

/** A key that names nobody, such as that of a list. */
const WORDS = /^[A-Z_]+#[A-Z_]+$/;

/**
 * Notes a right that a Lambda used, or would have needed, once, in the file that `RIGHTS_LOG` names. Of the keys in the
 * table only the prefixes are noted, and those whole that are words.
 */
export function noteRight(functionId: string, { action, context }: AccessRequest, isAllowed: boolean): void {
  const file = process.env.RIGHTS_LOG;
  if (!file) return;
  const keys = context.get('dynamodb:LeadingKeys')?.map((key) => (WORDS.test(key) ? key : key.replace(/#.*$/s, '#')));
  const line = JSON.stringify({ name: functionName(functionId), action, keys: [...new Set(keys)].sort(), isAllowed });
  if (noted.has(line)) return;
  noted.add(line);
  appendFileSync(file, `${line}\n`);
}
