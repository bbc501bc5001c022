import { addClient } from './clients/add.ts';
import { listClients } from './clients/list.ts';
import { removeClient } from './clients/remove.ts';
import { rotateSecret } from './clients/rotate-secret.ts';
import { showClient } from './clients/show.ts';
import type { Operation } from './operation.ts';

/** Every command by its name. Each reads its own input and gives what the command line prints. */
export const commands: ReadonlyMap<string, (operation: Operation) => Promise<object>> = new Map([
  ['clients add', addClient],
  ['clients list', listClients],
  ['clients show', showClient],
  ['clients rotate-secret', rotateSecret],
  ['clients remove', removeClient],
]);
