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
    const { enabled, email, monthlyBudgetUsd } = settings.alarms;
    const lambdas = scope.node.findAll().filter((construct) => construct instanceof Lambda);
    const logs = scope.node.findAll().filter((construct) => construct instanceof LogGroup);
    const endpoints = lambdas.filter((lambda) => lambda instanceof Endpoint);
    const { configurationSet } = sender;
    const { failures } = bounces;
    const hasTopic = enabled || monthlyBudgetUsd !== undefined;
    const topic = hasTopic ? new AlarmTopic(this, 'Topic', email) : undefined;
    const watched = { frontDoor, endpoints, configurationSet, failures, tableName: table.name };
    const alarms = enabled ? new Alarms(this, 'Alarms', watched).all : [];
    const canaries = settings.canary ? new Canaries(this, 'Canaries', endpoints).alarms : [];
    const all = [...alarms, ...canaries];
    if (enabled) for (const alarm of all) topic?.hears(alarm);
    if (settings.dashboard)
      new Dashboard(this, 'Dashboard', {
        frontDoor,
        lambdas,
        logs,
        alarms: all,
        tableName: table.name,
        countedBy: settings.countedBy,
      });
    if (topic && monthlyBudgetUsd !== undefined) new Budget(this, 'Budget', monthlyBudgetUsd, topic);
  }
}
