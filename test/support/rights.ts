import { readAssembly } from '../../local/assembly.ts';
import { functionName } from '../../local/names.ts';
import { Stack } from '../../local/stack.ts';
import { assemblyOf } from './assembly.ts';

/** Something that the role of a Lambda lets it do, and in the table with which items. */
export type Right = { readonly name: string; readonly action: string; readonly prefix?: string };

/** Every right that the template gives, but for writing one's own log. */
export async function rightsOfTheStack(): Promise<readonly Right[]> {
  return rightsOf(new Stack(readAssembly(await assemblyOf()), 'http://localhost'));
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
