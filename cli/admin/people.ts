import { type Ask, type Given, type Group, operands, type Report, type Tell, text } from './command.ts';
import { shownMembers, shownTable } from './print.ts';
import { allOf, listIn, untilDone } from './rounds.ts';

/** The commands about people. */
export const peopleGroup: Group = {
  title: 'People, by their email address',
  commands: [
    {
      name: 'people show',
      does: 'show their tenant, and if they are disabled or get no mail',
      operands: [operands.address],
      examples: ['people show anna@acme.example'],
      run: show,
    },
    {
      name: 'people grants',
      does: 'list what they allow clients to do',
      operands: [operands.address],
      examples: ['people grants anna@acme.example --json'],
      run: grants,
    },
    {
      name: 'people end-grants',
      does: 'end their grants: their tokens are refused from the next call on',
      operands: [operands.address],
      options: { grant: text('ID', 'only this grant; without it, the same as end-everything') },
      examples: ['people end-grants anna@acme.example --grant GRANT'],
      question: ({ operands: [address], text }) =>
        text('grant') === undefined
          ? everythingEnds(address)
          : `The grant ${text('grant')} of ${address} ends: that app is disconnected.`,
      run: endGrants,
    },
    {
      name: 'people end-everything',
      does: 'end grants, codes, open sign-in and consent pages, browser sessions and passkeys, at once',
      operands: [operands.address],
      examples: ['people end-everything anna@acme.example'],
      question: ({ operands: [address] }) => everythingEnds(address),
      run: endEverything,
    },
    {
      name: 'people disable',
      does: 'lock them out, and end all grants',
      operands: [operands.address],
      examples: ['people disable anna@acme.example --yes'],
      question: ({ operands: [address] }) => `${address} is locked out. ${everythingEnds(address)}`,
      run: disable,
    },
    {
      name: 'people enable',
      does: 'let them sign in again',
      operands: [operands.address],
      examples: ['people enable anna@acme.example'],
      run: enable,
    },
    {
      name: 'people delete',
      does: 'close their account at once and delete their data',
      operands: [operands.address],
      examples: ['people delete anna@acme.example'],
      question: ({ operands: [address] }) =>
        `The account of ${address} is deleted, with all data that is theirs alone. ${everythingEnds(address)}`,
      run: deletePerson,
    },
    {
      name: 'people move',
      does: 'move them with their data; personal is a tenant of their own',
      operands: [operands.address, operands.newTenant],
      options: { role: text('ROLE', 'their role there: member (default) or admin', ['member', 'admin']) },
      examples: ['people move anna@acme.example acme --role admin'],
      question: ({ operands: [address, tenant] }) =>
        `${address} moves to ${tenant}, and all their apps are disconnected.`,
      run: move,
    },
    {
      name: 'people unlink',
      does: 'remove the links from accounts at outside providers to theirs',
      operands: [operands.address],
      options: { provider: text('NAME', 'only the one at this provider of the settings') },
      examples: ['people unlink anna@acme.example --provider corp'],
      question: ({ operands: [address], text }) =>
        `What ${address} is at ${text('provider') ?? 'every provider'} no longer leads to them, and browsers in which they came by it are signed out.`,
      run: unlink,
    },
    {
      name: 'people lift',
      does: 'let mail reach an address again after a bounce or complaint',
      operands: [operands.address],
      examples: ['people lift anna@acme.example'],
      run: lift,
    },
  ],
};

function everythingEnds(address: string | undefined): string {
  return `Every app, browser and passkey of ${address} is signed out.`;
}

async function show({ operands: [address] }: Given, ask: Ask): Promise<Report> {
  const person = await ask('people show', { address });
  return { json: person, text: shownMembers(person) };
}

async function grants({ operands: [address] }: Given, ask: Ask): Promise<Report> {
  const all = await allOf(ask, 'grants', 'people grants', { address });
  const columns = ['grant_id', 'client_name', 'client_id', 'created_at', 'expires_at'];
  return { json: { grants: all }, text: all.length > 0 ? shownTable(all, columns) : 'There are none.' };
}

async function endGrants({ operands: [address], text }: Given, ask: Ask, tell: Tell): Promise<Report> {
  const ended = await untilDone({ ask, tell }, 'people end-grants', { address, grant_id: text('grant') });
  return { json: ended, text: `Grants ended: ${ended.grants_ended}. Their tokens are refused from the next call on.` };
}

async function endEverything({ operands: [address] }: Given, ask: Ask, tell: Tell): Promise<Report> {
  const ended = await untilDone({ ask, tell }, 'people end-everything', { address });
  const what = `Nothing that was begun as ${address} before is valid any more`;
  return { json: ended, text: `${what}. Grants ended: ${ended.grants_ended}. They can sign in again.` };
}

async function disable({ operands: [address] }: Given, ask: Ask, tell: Tell): Promise<Report> {
  const disabled = await untilDone({ ask, tell }, 'people disable', { address });
  return { json: disabled, text: `${address} is disabled. Grants ended: ${disabled.grants_ended}.` };
}

async function deletePerson({ operands: [address] }: Given, ask: Ask, tell: Tell): Promise<Report> {
  const closed = await ask('people delete', { address });
  const deleted = await untilDone({ ask, tell }, 'people delete-closed', { subject: closed.subject });
  const rest = 'What calls in progress still wrote is deleted within the hour; the audit stays';
  return {
    json: { ...closed, items_removed: deleted.items_removed },
    text: `The account of ${address} is closed. Items deleted: ${deleted.items_removed}. ${rest}. They can sign up again as a new person.`,
  };
}

async function enable({ operands: [address] }: Given, ask: Ask, tell: Tell): Promise<Report> {
  const enabled = await untilDone({ ask, tell }, 'people enable', { address });
  return { json: enabled, text: `${address} may sign in again, and has to connect each client again.` };
}

async function move({ operands: [address, tenant], text }: Given, ask: Ask, tell: Tell): Promise<Report> {
  const moved = await untilDone({ ask, tell }, 'people move', { address, tenant, role: text('role') });
  const counts = `Items moved: ${moved.items_moved}. Grants ended: ${moved.grants_ended}.`;
  return {
    json: moved,
    text: `${address} now belongs to ${moved.to}, and has to connect each client again. ${counts}`,
  };
}

async function unlink({ operands: [address], text }: Given, ask: Ask): Promise<Report> {
  const unlinked = await ask('people unlink', { address, provider: text('provider') });
  const from = listIn(unlinked, 'unlinked').join(', ');
  return {
    json: unlinked,
    text: `${address} is unlinked from ${from}. Browsers signed out: ${unlinked.sessions_ended}.`,
  };
}

async function lift({ operands: [address] }: Given, ask: Ask): Promise<Report> {
  const lifted = await ask('people lift', { address });
  const ses = `aws sesv2 delete-suppressed-destination --email-address ${lifted.address}`;
  return { json: lifted, text: `Codes are mailed to ${lifted.address} again. If SES holds it back too: ${ses}` };
}
