import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { paths, routes } from '../core/routes.ts';
import { Bounces } from './bounces.ts';
import { bundle } from './bundles.ts';
import { Endpoint, Lambda } from './endpoint.ts';
import { FrontDoor } from './front-door.ts';
import { MailSender } from './mail.ts';
import { Operations } from './operations/operations.ts';
import type { Settings } from './settings.ts';
import { SigningKeys } from './signing-keys.ts';
import { Table } from './table.ts';

/** The authorization server and the MCP server: one Lambda for each endpoint, and what each may touch. */
export class VestibuleStack extends Stack {
  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    const made = {
      bundles: bundle([...Object.keys(routes), 'public-key', 'admin', 'bounces'], settings),
      logRetentionDays: settings.logRetentionDays,
    };
    const table = new Table(this, 'Table', settings.table?.existing);
    const sender = new MailSender(this, 'Sender', settings);
    const reader = new Lambda(this, 'PublicKeyReader', { ...made, name: 'public-key' });
    const keys = new SigningKeys(this, 'SigningKeys', settings.signingKeys, reader.function);
    const frontDoor = new FrontDoor(this, 'FrontDoor');

    new Endpoint(this, 'Discovery', {
      ...{ ...made, frontDoor, name: 'discovery', routes: routes.discovery },
      verifies: keys,
    });
    new Endpoint(this, 'Register', {
      ...{ ...made, frontDoor, name: 'register', routes: routes.register },
      table: [
        table,
        {
          GetItem: ['CLIENT#'],
          PutItem: ['CLIENT#'],
          UpdateItem: ['CLIENT#', 'RATE#'],
          DeleteItem: ['CLIENT#'],
        },
      ],
    });
    new Endpoint(this, 'Authorize', {
      ...{ ...made, frontDoor, name: 'authorize', routes: routes.authorize },
      table: [
        table,
        {
          GetItem: ['CLIENT#', 'SIGNIN#', 'EMAIL#', 'USER#', 'RATE#'],
          BatchGetItem: ['CLIENT#', 'SIGNIN#', 'SESSION#', 'EMAIL#'],
          ConditionCheckItem: ['USER#'],
          PutItem: ['SIGNIN#', 'CODE#', 'SESSION#', 'USER#', 'AUDIT#'],
          UpdateItem: ['CLIENT#', 'SIGNIN#', 'EMAIL#', 'RATE#'],
          DeleteItem: ['SESSION#'],
        },
      ],
      mails: sender,
    });
    new Endpoint(this, 'Token', {
      ...{ ...made, frontDoor, name: 'token', routes: routes.token },
      table: [
        table,
        {
          BatchGetItem: ['CLIENT#', 'CODE#', 'GRANT#', 'USER#'],
          ConditionCheckItem: ['USER#'],
          PutItem: ['GRANT#', 'USER#', 'ASSERTION#', 'AUDIT#'],
          UpdateItem: ['CODE#', 'GRANT#', 'CLIENT#', 'RATE#'],
        },
      ],
      verifies: keys,
      signs: keys,
    });
    new Endpoint(this, 'Revoke', {
      ...{ ...made, frontDoor, name: 'revoke', routes: routes.revoke },
      table: [
        table,
        {
          BatchGetItem: ['CLIENT#', 'GRANT#'],
          PutItem: ['ASSERTION#', 'AUDIT#'],
          UpdateItem: ['CLIENT#', 'GRANT#'],
        },
      ],
      verifies: keys,
    });
    new Endpoint(this, 'Introspect', {
      ...{ ...made, frontDoor, name: 'introspect', routes: routes.introspect },
      table: [
        table,
        { BatchGetItem: ['CLIENT#', 'GRANT#', 'USER#'], PutItem: ['ASSERTION#', 'AUDIT#'], UpdateItem: ['CLIENT#'] },
      ],
      verifies: keys,
    });
    new Endpoint(this, 'Mcp', {
      ...{ ...made, frontDoor, name: 'mcp', routes: routes.mcp, timeoutSeconds: 25 },
      table: [
        table,
        {
          BatchGetItem: ['GRANT#', 'USER#'],
          GetItem: ['TODO#'],
          Query: ['TODO#'],
          PutItem: ['TODO#', 'AUDIT#'],
          UpdateItem: ['RATE#', 'TODO#'],
          DeleteItem: ['TODO#'],
        },
      ],
      verifies: keys,
    });
    const bounces = new Bounces(this, 'Bounces', { made, sender, table });
    const admin = new Lambda(this, 'Admin', {
      ...{ ...made, name: 'admin' },
      table: [
        table,
        {
          GetItem: ['CLIENT#'],
          Query: ['OPERATOR#'],
          PutItem: ['CLIENT#', 'OPERATOR#', 'AUDIT#'],
          UpdateItem: ['CLIENT#'],
          DeleteItem: ['CLIENT#', 'OPERATOR#'],
        },
      ],
    });

    new Operations(this, 'Operations', { settings, frontDoor, table, sender, bounces });

    new CfnOutput(this, 'McpUrl', {
      value: `${frontDoor.issuer}${paths.mcp}`,
      description: 'Add this URL to your client',
    });
    new CfnOutput(this, 'SetupPage', { value: frontDoor.issuer, description: 'How to connect each client' });
    new CfnOutput(this, 'TableName', { value: table.name, description: 'Where everything is kept' });
    new CfnOutput(this, 'AdminFunction', {
      value: admin.function.functionName,
      description: 'What `npm run admin` invokes',
    });
  }
}
