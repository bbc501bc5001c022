import { usage } from '../shared/usage.ts';
import { type Ask, type Given, type Group, operands, type Report, type Tell, text } from './command.ts';
import { shownMembers, shownTable } from './print.ts';
import { allOf, untilDone } from './rounds.ts';

/** The commands about reviewers of directories. */
export const reviewerGroup: Group = {
  title: 'Reviewers of directories, who sign in with a password in place of the mailed code',
  commands: [
    {
      name: 'reviewers add',
      does: 'give a new address a password, or its next one, which is shown only once',
      operands: [operands.address],
      options: {
        tenant: text('ID', 'the tenant that it signs in to'),
        days: text('N', 'how long it is valid (default 30, at most 365)'),
      },
      examples: ['reviewers add reviewer@acme.example --tenant acme --days 60'],
      run: add,
    },
    {
      name: 'reviewers list',
      does: 'list the reviewers, and when each password expires',
      examples: ['reviewers list'],
      run: list,
    },
    {
      name: 'reviewers remove',
      does: 'remove the password, and delete the account that it signed in to',
      operands: [operands.address],
      examples: ['reviewers remove reviewer@acme.example'],
      question: ({ operands: [address] }) =>
        `The password of ${address} stops working, and the account is deleted with everything that is its alone.`,
      run: remove,
    },
  ],
};

async function add({ operands: [address], text }: Given, ask: Ask): Promise<Report> {
  const tenant = text('tenant');
  if (!tenant) throw usage('reviewers add needs --tenant');
  const reviewer = await ask('reviewers add', { address, tenant, days: days(text('days')) });
  const how = 'They type the address where it is asked for, and the password where the code is. No mail is sent.';
  const once = 'Keep the password now: only its hash is stored, and it will not be shown again.';
  return { json: reviewer, text: `${shownMembers(reviewer)}\n\n${how}\n${once}` };
}

function days(given: string | undefined): number | undefined {
  if (given === undefined || /^\d{1,3}$/.test(given)) return given === undefined ? given : Number(given);
  throw usage(`--days must be a whole number; it is ${given}`);
}

async function list(_given: Given, ask: Ask): Promise<Report> {
  const reviewers = await allOf(ask, 'reviewers', 'reviewers list');
  const columns = ['address', 'tenant', 'added_at', 'expires_at', 'is_expired'];
  return { json: { reviewers }, text: reviewers.length > 0 ? shownTable(reviewers, columns) : 'There are none.' };
}

async function remove({ operands: [address] }: Given, ask: Ask, tell: Tell): Promise<Report> {
  const { subject, ...removed } = await ask('reviewers remove', { address });
  const deleted = typeof subject === 'string' && (await untilDone({ ask, tell }, 'people delete-closed', { subject }));
  const count = deleted ? ` Items deleted: ${deleted.items_removed}.` : '';
  return { json: removed, text: `${address} is no reviewer's any more.${count}` };
}
