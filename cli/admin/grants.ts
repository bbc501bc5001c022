import { type Ask, type Given, type Group, operands, type Report } from './command.ts';
import { shownTable } from './print.ts';
import { allOf } from './rounds.ts';

/** The commands about grants. */
export const grantGroup: Group = {
  title: 'Grants: what people allow clients to do',
  commands: [
    {
      name: 'grants list',
      does: "list a person's grants, and when each client last got a token",
      operands: [operands.address],
      examples: ['grants list anna@acme.example'],
      run: list,
    },
    {
      name: 'grants revoke',
      does: 'end a grant: its tokens are refused from the next call on',
      operands: [operands.grant],
      examples: ['grants revoke GRANT'],
      question: ({ operands: [grant] }) => `The grant ${grant} ends: that app is disconnected.`,
      run: revoke,
    },
  ],
};

async function list({ operands: [address] }: Given, ask: Ask): Promise<Report> {
  const grants = await allOf(ask, 'grants', 'people grants', { address });
  const columns = ['grant_id', 'client_name', 'created_at', 'last_active_at', 'bound'];
  return { json: { grants }, text: grants.length > 0 ? shownTable(grants, columns) : 'There are none.' };
}

async function revoke({ operands: [grant] }: Given, ask: Ask): Promise<Report> {
  const revoked = await ask('grants revoke', { grant_id: grant });
  return {
    json: revoked,
    text: `The grant ${revoked.grant_id} has ended. Its tokens are refused from the next call on.`,
  };
}
