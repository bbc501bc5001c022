import { appendFileSync } from 'node:fs';
import { functionName } from '../names.ts';
import type { AccessRequest } from './evaluate.ts';

const noted = new Set<string>();

/**
 * Notes a right that a Lambda used, or would have needed, once, in the file that `RIGHTS_LOG` names. Of the keys in the
 * table only the prefixes are noted.
 */
export function noteRight(functionId: string, { action, context }: AccessRequest, isAllowed: boolean): void {
  const file = process.env.RIGHTS_LOG;
  if (!file) return;
  const keys = context.get('dynamodb:LeadingKeys')?.map((key) => key.replace(/#.*$/s, '#'));
  const line = JSON.stringify({ name: functionName(functionId), action, keys: [...new Set(keys)].sort(), isAllowed });
  if (noted.has(line)) return;
  noted.add(line);
  appendFileSync(file, `${line}\n`);
}
