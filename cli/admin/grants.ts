import type { Ask, Command, Given, Report } from './command.ts';
import { shownTable } from './print.ts';
import { allOf } from './rounds.ts';

export const grantsHelp = `Grants, each of which is what a person allows to a client:
  grants list ADDRESS
                    list those of a person, and when each client last got a token
  grants revoke GRANT
                    end one: its tokens are refused from the next call on`;

/** The commands about grants. */
export const grantCommands: readonly Command[] = [
  { name: 'grants list', operands: ['an e-mail address'], options: {}, run: list },
  { name: 'grants revoke', operands: ['the id of a grant'], options: {}, run: revoke },
];

async function list({ operands: [address] }: Given, ask: Ask): Promise<Report> {
  const grants = await allOf(ask, 'grants', 'people grants', { address });
  const columns = ['grant_id', 'client_name', 'created_at', 'last_active_at'];
  return { json: { grants }, text: grants.length > 0 ? shownTable(grants, columns) : 'There are none.' };
}

async function revoke({ operands: [grant] }: Given, ask: Ask): Promise<Report> {
  const revoked = await ask('grants revoke', { grant_id: grant });
  return {
    json: revoked,
    text: `The grant ${revoked.grant_id} has ended. Its tokens are refused from the next call on.`,
  };
}
