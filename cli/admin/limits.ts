import { isIP } from 'node:net';
import { usage } from '../shared/usage.ts';
import { type Ask, type Given, type Group, operands, type Report, text } from './command.ts';
import { shownTable } from './print.ts';
import { listIn } from './rounds.ts';

const network = text('IP', 'an IP address they use: adds what counts for both together');

/** The commands about limits. */
export const limitGroup: Group = {
  title: 'Limits of a person (by email address) or a network (by an IP address in it)',
  commands: [
    {
      name: 'limits show',
      does: 'show what is used up, and when it resets',
      operands: [operands.addressOrNetwork],
      options: { network },
      examples: ['limits show anna@acme.example', 'limits show 203.0.113.7'],
      run: show,
    },
    {
      name: 'limits reset',
      does: 'reset the limits',
      operands: [operands.addressOrNetwork],
      options: { network },
      examples: ['limits reset anna@acme.example --network 203.0.113.7'],
      run: reset,
    },
  ],
};

async function show(given: Given, ask: Ask): Promise<Report> {
  const shown = await ask('limits show', whose(given));
  const used = listIn(shown, 'used');
  const isOfOne = used.every(({ of }) => of === undefined);
  const columns = ['limit', ...(isOfOne ? [] : ['of']), 'window', 'used', 'most', 'free_at'];
  const full = used.filter(({ is_full }) => is_full === true);
  const until = full.map(({ limit, free_at }) => `Used up: ${limit}, until ${free_at}.`);
  const lines = used.length > 0 ? [shownTable(used, columns), ...(full.length > 0 ? ['', ...until] : [])] : [];
  return { json: shown, text: lines.join('\n') || 'Nothing is used now.' };
}

async function reset(given: Given, ask: Ask): Promise<Report> {
  const done = await ask('limits reset', whose(given));
  const names = Array.isArray(done.reset) ? done.reset : [];
  const whom = given.operands[0];
  const text = names.length > 0 ? `Reset for ${whom}: ${names.join(', ')}.` : 'Nothing was used, so nothing changed.';
  return { json: done, text };
}

/** An address is a person's or a network's: no email address is an IP address. */
function whose({ operands: [whom = ''], text }: Given): object {
  const also = text('network');
  if (isIP(whom) === 0) return { address: whom, network: also };
  if (also !== undefined) throw usage('--network goes with an email address');
  return { network: whom };
}
