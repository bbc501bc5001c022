import { type App, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Has the synthesis of an app fail on what cdk-nag finds in it and nobody has acknowledged. */
export async function addChecks(app: App): Promise<void> {
  // Loaded only here: the local runner synthesises without.
  const { AwsSolutionsChecks, ServerlessChecks } = await import('cdk-nag');
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
}

/** Says of findings of cdk-nag, by their ids, why they are meant to be so at this construct and below it. */
export function acknowledge(construct: IConstruct, reasons: Readonly<Record<string, string>>): void {
  const rules = Object.entries(reasons).map(([id, reason]) => ({ id, reason }));
  Validations.of(construct).acknowledge(...rules);
}
