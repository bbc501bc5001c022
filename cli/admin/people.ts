import { type Ask, type Command, type Given, type Report, type Tell, text } from './command.ts';
import { shownMembers, shownTable } from './print.ts';
import { allOf, untilDone } from './rounds.ts';

export const peopleHelp = `People, by their e-mail address:
  people show ADDRESS
                    show where they belong, and whether they are disabled or their mail is suppressed
  people grants ADDRESS
                    list what they allow to clients now
  people end-grants ADDRESS
                    end all of it: every token of theirs is refused from the next call on
    --grant ID              only this grant; without it, the same as end-everything
  people end-everything ADDRESS
                    end grants, codes, open sign-in and consent pages, and browser sessions, at once
  people disable ADDRESS
                    lock them out, and end all grants
  people enable ADDRESS
                    let them sign in again
  people move ADDRESS TENANT
                    move them and what they keep; the tenant personal is the one of their own
    --role ROLE             what they are there: member (default) or admin
  people lift ADDRESS
                    let mail go to an address again that bounced or complained`;

const address = 'an e-mail address';

/** The commands about people. */
export const peopleCommands: readonly Command[] = [
  { name: 'people show', operands: [address], options: {}, run: show },
  { name: 'people grants', operands: [address], options: {}, run: grants },
  { name: 'people end-grants', operands: [address], options: { grant: text }, run: endGrants },
  { name: 'people end-everything', operands: [address], options: {}, run: endEverything },
  { name: 'people disable', operands: [address], options: {}, run: disable },
  { name: 'people enable', operands: [address], options: {}, run: enable },
  { name: 'people move', operands: [address, 'a tenant'], options: { role: text }, run: move },
  { name: 'people lift', operands: [address], options: {}, run: lift },
];

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
  const what = `Nothing that ${address} or anybody else began as them before counts any more`;
  return { json: ended, text: `${what}. Grants ended: ${ended.grants_ended}. They can sign in again.` };
}

async function disable({ operands: [address] }: Given, ask: Ask, tell: Tell): Promise<Report> {
  const disabled = await untilDone({ ask, tell }, 'people disable', { address });
  return { json: disabled, text: `${address} is disabled. Grants ended: ${disabled.grants_ended}.` };
}

async function enable({ operands: [address] }: Given, ask: Ask, tell: Tell): Promise<Report> {
  const enabled = await untilDone({ ask, tell }, 'people enable', { address });
  return { json: enabled, text: `${address} may sign in again, and connects each client anew.` };
}

async function move({ operands: [address, tenant], text }: Given, ask: Ask, tell: Tell): Promise<Report> {
  const moved = await untilDone({ ask, tell }, 'people move', { address, tenant, role: text('role') });
  const counts = `Items moved: ${moved.items_moved}. Grants ended: ${moved.grants_ended}.`;
  return { json: moved, text: `${address} belongs to ${moved.to} now, and connects each client anew. ${counts}` };
}

async function lift({ operands: [address] }: Given, ask: Ask): Promise<Report> {
  const lifted = await ask('people lift', { address });
  const ses = `aws sesv2 delete-suppressed-destination --email-address ${lifted.address}`;
  return { json: lifted, text: `Codes are mailed to ${lifted.address} again. If SES holds it back too: ${ses}` };
}
