import type { Catalogue } from './catalogue.ts';
import type { Settings } from './settings.ts';
import type { TableRights } from './table.ts';

/**
 * What each endpoint and the Lambda for the operator may do in the table: nothing that they never do (`test/rights` holds
 * them to it). What the mcp Lambda may do beside admitting callers is what the tools in use declare.
 */
export function tableRights(
  { items, added, removed, listed, personalItems, tenantItems }: Catalogue,
  { dpop, tools }: Pick<Settings, 'dpop' | 'tools'>,
) {
  // Nonces are made with a key that is kept, and so are the names by which callers without a token are on record.
  const nonceKey = dpop.nonce ? ['SECRET#'] : [];
  const ownKeys = tools.public ? ['SECRET#'] : nonceKey;
  return {
    register: {
      GetItem: ['CLIENT#', 'SECRET#'],
      PutItem: ['CLIENT#', 'AUDIT#', 'SECRET#'],
      UpdateItem: ['CLIENT#', 'RATE#'],
      DeleteItem: ['CLIENT#'],
    },
    authorize: {
      GetItem: ['SIGNIN#', 'SECRET#'],
      BatchGetItem: ['CLIENT#', 'SIGNIN#', 'SESSION#', 'EMAIL#', 'DOMAIN#', 'USER#', 'TENANT#'],
      ConditionCheckItem: ['USER#', 'SESSION#', 'CLIENT#', 'LINK#'],
      PutItem: ['SIGNIN#', 'CODE#', 'SESSION#', 'USER#', 'AUDIT#', 'SECRET#'],
      UpdateItem: ['CLIENT#', 'SIGNIN#', 'SESSION#', 'RATE#', 'EMAIL#', 'TENANT#', 'LINK#', 'USER#'],
      DeleteItem: ['SESSION#', 'USER#'],
    },
    logo: {
      GetItem: ['SIGNIN#'],
      BatchGetItem: ['LOGO#', 'CLIENT#'],
      UpdateItem: ['LOGO#', 'RATE#'],
    },
    passkeys: {
      GetItem: ['SESSION#'],
      BatchGetItem: ['CLIENT#', 'SIGNIN#', 'SESSION#', 'USER#', 'EMAIL#', 'DOMAIN#', 'TENANT#'],
      ConditionCheckItem: ['USER#'],
      Query: ['USER#'],
      PutItem: ['SESSION#', 'USER#', 'AUDIT#'],
      UpdateItem: ['SIGNIN#', 'USER#', 'EMAIL#', 'RATE#'],
      DeleteItem: ['SESSION#', 'USER#'],
    },
    provider: {
      GetItem: ['LINK#', 'USER#', 'EMAIL#', 'SECRET#', 'ASSERTION#'],
      BatchGetItem: ['CLIENT#', 'SIGNIN#', 'SESSION#', 'EMAIL#', 'DOMAIN#', 'TENANT#', 'GRANT#'],
      ConditionCheckItem: ['USER#', 'LINK#'],
      Query: ['USER#'],
      PutItem: ['SESSION#', 'USER#', 'TENANT#', 'AUDIT#', 'SECRET#'],
      UpdateItem: ['SIGNIN#', 'SESSION#', 'USER#', 'EMAIL#', 'TENANT#', 'LINK#', 'GRANT#', 'ASSERTION#', 'RATE#'],
      DeleteItem: ['SESSION#', 'USER#'],
    },
    account: {
      GetItem: ['SESSION#', 'GRANT#'],
      BatchGetItem: ['SESSION#', 'GRANT#', 'CLIENT#', 'LINK#', 'USER#', 'DOMAIN#', 'TENANT#'],
      Query: ['USER#', 'EMAIL#', 'AUDIT#', ...personalItems, ...tenantItems],
      ConditionCheckItem: ['USER#', 'SESSION#'],
      PutItem: ['AUDIT#', 'SIGNIN#', 'OPERATOR#CLOSED'],
      UpdateItem: ['USER#', 'EMAIL#', 'GRANT#', 'SESSION#', 'RATE#'],
      DeleteItem: ['SESSION#', 'USER#', 'EMAIL#', 'LINK#'],
    },
    token: {
      BatchGetItem: ['CLIENT#', 'CODE#', 'GRANT#', 'USER#', 'TENANT#', 'EMAIL#', 'DOMAIN#', 'LINK#', 'ASSERTION#'],
      GetItem: nonceKey,
      Query: ['ISSUER#'],
      ConditionCheckItem: ['USER#', 'SESSION#'],
      PutItem: ['GRANT#', 'USER#', 'ASSERTION#', 'AUDIT#', ...nonceKey],
      UpdateItem: ['CODE#', 'GRANT#', 'CLIENT#', 'EMAIL#', 'TENANT#', 'ISSUER#', 'LINK#', 'USER#', 'RATE#'],
    },
    revoke: {
      BatchGetItem: ['CLIENT#', 'GRANT#'],
      PutItem: ['ASSERTION#', 'AUDIT#'],
      UpdateItem: ['CLIENT#', 'GRANT#', 'RATE#'],
    },
    introspect: {
      BatchGetItem: ['CLIENT#', 'GRANT#', 'USER#', 'TENANT#'],
      PutItem: ['ASSERTION#', 'AUDIT#'],
      UpdateItem: ['CLIENT#', 'RATE#'],
    },
    mcp: {
      BatchGetItem: ['GRANT#', 'USER#', 'TENANT#', ...items],
      ConditionCheckItem: added,
      GetItem: [...items, 'CANCELLATION#', ...ownKeys],
      Query: listed,
      PutItem: [...added, 'ASSERTION#', 'AUDIT#', 'CONFIRMATION#', ...ownKeys],
      UpdateItem: ['RATE#', 'QUOTA#', 'CANCELLATION#', ...added],
      DeleteItem: [...removed, 'CONFIRMATION#'],
    },
    admin: {
      GetItem: ['CLIENT#', 'TENANT#', 'DOMAIN#', 'EMAIL#', 'USER#', 'GRANT#', 'OPERATOR#', 'SECRET#'],
      BatchGetItem: ['CLIENT#', 'TENANT#', 'DOMAIN#', 'EMAIL#', 'USER#', 'GRANT#', 'SESSION#', 'RATE#'],
      ConditionCheckItem: ['USER#', ...personalItems],
      Query: ['OPERATOR#', 'TENANT#', 'ISSUER#', 'USER#', 'EMAIL#', 'AUDIT#', ...personalItems, ...tenantItems],
      PutItem: [
        ...['CLIENT#', 'OPERATOR#', 'TENANT#', 'ISSUER#', 'DOMAIN#', 'USER#', 'AUDIT#', 'SECRET#'],
        ...personalItems,
      ],
      UpdateItem: [
        'CLIENT#',
        'OPERATOR#REVIEWERS',
        'TENANT#',
        'DOMAIN#',
        'ISSUER#',
        'EMAIL#',
        'USER#',
        'GRANT#',
        'SESSION#',
      ],
      DeleteItem: [
        ...['CLIENT#', 'OPERATOR#', 'TENANT#', 'ISSUER#', 'DOMAIN#', 'USER#', 'EMAIL#', 'LINK#', 'GRANT#', 'SESSION#'],
        ...['QUOTA#', 'RATE#'],
        ...personalItems,
        ...tenantItems,
      ],
    },
  } satisfies Readonly<Record<string, TableRights>>;
}
