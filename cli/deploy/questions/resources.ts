import { DescribeTableCommand, DynamoDBClient, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { GetHostedZoneCommand, InvalidInput, NoSuchHostedZone, Route53Client } from '@aws-sdk/client-route-53';
import { GetParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import { note, stop } from '../finding.ts';
import { clientOf } from '../place.ts';
import type { Question } from '../question.ts';

/** Whether the hosted zone is there, is the domain's, and can be seen by all: a certificate would wait for ever else. */
export const hostedZone: Question = {
  what: 'the hosted zone',
  right: 'route53:GetHostedZone',
  ask: async (place) => {
    const { domain } = place.settings;
    if (!domain) return [];
    const { id, name } = domain.hostedZone;
    const zone = await new Route53Client(clientOf(place)).send(new GetHostedZoneCommand({ Id: id })).catch((error) => {
      if (!(error instanceof NoSuchHostedZone || error instanceof InvalidInput)) throw error;
    });
    if (!zone?.HostedZone) return [stop(`domain.hostedZone.id: there is no hosted zone ${id} in this account.`)];
    const actual = zone.HostedZone.Name?.replace(/\.$/, '');
    if (actual !== name) return [stop(`domain.hostedZone.name: the zone ${id} is ${actual}, not ${name}.`)];
    const isPrivate = zone.HostedZone.Config?.PrivateZone === true;
    return isPrivate ? [stop(`domain.hostedZone.id: ${id} is a private zone, which nobody outside can see.`)] : [];
  },
};

/** Whether the table that the settings name is there. */
export const table: Question = {
  what: 'the table',
  right: 'dynamodb:DescribeTable',
  ask: async (place) => {
    const { existing } = place.settings.table;
    if (existing === undefined) return [];
    const client = new DynamoDBClient(clientOf(place));
    const found = await client.send(new DescribeTableCommand({ TableName: existing })).catch((error) => {
      if (!(error instanceof ResourceNotFoundException)) throw error;
    });
    if (found) return [];
    return [stop(`table.existing: there is no table ${existing} in this account and ${place.region}.`)];
  },
};

/** Whether the secrets of the tools are there. Their values are not asked for. */
export const secrets: Question = {
  what: 'the parameters in tools.secrets',
  right: 'ssm:GetParameter on them',
  ask: async (place) => {
    const client = new SSMClient(clientOf(place));
    const missing = Object.entries(place.settings.tools.secrets).map(async ([name, parameter]) => {
      const found = await client.send(new GetParameterCommand({ Name: parameter })).catch((error) => {
        if (!(error instanceof ParameterNotFound)) throw error;
      });
      return found ? [] : [note(`tools.secrets.${name}: there is no parameter ${parameter} yet.`)];
    });
    return (await Promise.all(missing)).flat();
  },
};
