import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Bounces } from '../bounces.ts';
import { Endpoint, Lambda } from '../endpoint.ts';
import type { FrontDoor } from '../front-door.ts';
import type { MailSender } from '../mail.ts';
import type { Settings } from '../settings.ts';
import type { Table } from '../table.ts';
import { AlarmTopic } from './alarm-topic.ts';
import { Alarms } from './alarms.ts';
import { Budget } from './budget.ts';
import { Canaries } from './canaries.ts';
import { Dashboard } from './dashboard.ts';

/** The endpoints that everybody needs, whose new versions are tried on a few requests first. */
const tried = ['authorize', 'mcp', 'token'];

type OperationsProperties = {
  readonly settings: Settings;
  readonly frontDoor: FrontDoor;
  readonly table: Table;
  readonly sender: MailSender;
  readonly bounces: Bounces;
};

/** What an operator sees and hears of a server, and how new code comes in. Covers every Lambda that stands beside it. */
export class Operations extends Construct {
  constructor(scope: Construct, id: string, { settings, frontDoor, table, sender, bounces }: OperationsProperties) {
    super(scope, id);
    const { email, monthlyBudgetUsd } = settings.alarms;
    const lambdas = scope.node.findAll().filter((construct) => construct instanceof Lambda);
    const logs = scope.node.findAll().filter((construct) => construct instanceof LogGroup);
    const endpoints = lambdas.filter((lambda) => lambda instanceof Endpoint);
    const { configurationSet } = sender;
    const { failures } = bounces;
    const topic = new AlarmTopic(this, 'Topic', email);
    const alarms = new Alarms(this, 'Alarms', {
      ...{ topic, frontDoor, endpoints, configurationSet, failures },
      tableName: table.name,
    });
    const newcomers = settings.canary ? endpoints.filter(({ name }) => tried.includes(name)) : [];
    const canaries = newcomers.length > 0 ? new Canaries(this, 'Canaries', newcomers, topic).alarms : [];
    new Dashboard(this, 'Dashboard', {
      ...{ frontDoor, lambdas, logs },
      alarms: [...alarms.all, ...canaries],
      tableName: table.name,
    });
    if (monthlyBudgetUsd !== undefined) new Budget(this, 'Budget', monthlyBudgetUsd, topic);
  }
}
