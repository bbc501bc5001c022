import { CustomResource, Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledge } from './checks.ts';
import { type Endpoint, Lambda, type Made } from './endpoint.ts';

type VersionCheckProperties = { readonly made: Made; readonly endpoints: readonly Endpoint[] };

/**
 * Has each new version of an endpoint answer one request before its alias leads any to it. A version that does not load
 * ends the deployment, and nobody has met it.
 */
export class VersionCheck extends Construct {
  constructor(scope: Construct, id: string, { made, endpoints }: VersionCheckProperties) {
    super(scope, id);
    const caller = new Lambda(this, 'Caller', {
      ...made,
      name: 'version-check',
      description: 'Tries each new version while the stack is deployed',
      timeoutSeconds: 150,
    });
    const versions = endpoints.map((endpoint) => endpoint.function.currentVersion);
    caller.function.addToRolePolicy(
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: versions.map((version) => version.functionArn),
      }),
    );
    acknowledge(caller, { 'Serverless-LambdaDLQ': 'A deploy waits for its answer and fails without one.' });
    const check = new CustomResource(this, 'Check', {
      serviceToken: caller.function.functionArn,
      resourceType: 'Custom::VersionCheck',
      serviceTimeout: Duration.minutes(3),
      properties: { Versions: versions.map((version) => version.functionArn) },
    });
    for (const endpoint of endpoints) endpoint.live.node.addDependency(check);
  }
}
