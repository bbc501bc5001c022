import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAssembly, root } from '../../local/assembly.ts';
import { functionName } from '../../local/names.ts';
import { Stack } from '../../local/stack.ts';

/** Something that the role of a Lambda lets it do, and in the table with which items. */
export type Right = { readonly name: string; readonly action: string; readonly prefix?: string };

/** Every right that the template gives, but for writing one's own log. */
export function rightsOfTheStack(): readonly Right[] {
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-rights-'));
  try {
    execFileSync(process.execPath, ['bin/app.ts'], { cwd: root, env: { ...process.env, CDK_OUTDIR: folder } });
    return rightsOf(new Stack(readAssembly(folder), 'http://localhost'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function rightsOf(stack: Stack): readonly Right[] {
  return stack.functionIds.flatMap((id) =>
    stack.statements(id).flatMap(({ actions, conditions }) => {
      const prefixes = conditions.get('ForAllValues:StringLike')?.get('dynamodb:LeadingKeys');
      const own = actions.filter((action) => !action.startsWith('logs:'));
      return own.flatMap((action): Right[] => {
        const right = { name: functionName(id), action };
        return prefixes ? prefixes.map((prefix) => ({ ...right, prefix: prefix.replace(/\*$/, '') })) : [right];
      });
    }),
  );
}
