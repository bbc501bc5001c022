import { help as openapiHelp } from '../add/openapi/openapi.ts';
import { help as serverHelp } from '../add/server/server.ts';
import { type Group, type Option, operands } from '../admin/command.ts';
import { help as checkHelp } from '../check/check.ts';
import { help as clientHelp } from '../client/options.ts';
import { help as deployHelp } from '../deploy/options.ts';
import { help as doctorHelp } from '../doctor/options.ts';
import { allLists, help as publishHelp } from '../publish-check/options.ts';
import { help as startHelp } from '../start/start.ts';
import type { Entry } from './choices.ts';

type Admin = { readonly groups: readonly Group[]; readonly sharedOptions: Readonly<Record<string, Option>> };

/** Every command of `vestibule`, the operator's among them. */
export function entriesOf({ groups, sharedOptions }: Admin): readonly Entry[] {
  const ofOperator = groups.flatMap(({ commands }) => commands);
  return [
    { name: 'start', options: optionsIn(startHelp) },
    { name: 'add openapi', options: optionsIn(openapiHelp) },
    { name: 'add server', options: optionsIn(serverHelp) },
    { name: 'check', options: optionsIn(checkHelp) },
    { name: 'deploy', options: optionsIn(deployHelp) },
    { name: 'doctor', options: optionsIn(doctorHelp) },
    {
      name: 'publish-check',
      options: { ...optionsIn(publishHelp), for: { value: 'LISTS', oneOf: allLists } },
    },
    ...ofOperator.map(({ name, options, operands: expected = [] }) => ({
      name: `admin ${name}`,
      operands: expected,
      options: { ...options, ...sharedOptions },
    })),
    { name: 'client', options: optionsIn(clientHelp) },
    { name: 'completion', operands: [operands.shell], options: { help: {} } },
  ];
}

/** The options that a help explains, each on a line of its own: its tests hold it to have all of them. */
function optionsIn(help: string): NonNullable<Entry['options']> {
  const explained = help.matchAll(/^ {2}--([a-z][a-z-]*)(?: (\[?[A-Z][A-Z=\]]*))?(?= )/gm);
  return Object.fromEntries([...explained].map(([, name = '', value]) => [name, value === undefined ? {} : { value }]));
}
