import { CloudFormationClient, DescribeStackResourceCommand } from '@aws-sdk/client-cloudformation';
import { Failure } from '../shared/failure.ts';
import { stackOutputs, undefinedIfMissing } from '../shared/stack-outputs.ts';

/** What is live of a stack: its outputs, and the address of the API that it would keep, if it has that API. */
export type LiveStack = {
  readonly outputs: Readonly<Record<string, string>>;
  readonly apiEndpoint: string | undefined;
};

/** The stacks of an account and region. */
export class LiveStacks {
  readonly #client: CloudFormationClient;

  constructor(profile: string | undefined) {
    this.#client = new CloudFormationClient(profile === undefined ? {} : { profile });
  }

  /** The region of the profile or the environment. Throws a failure when neither has one. */
  region(): Promise<string> {
    return this.#client.config.region().catch(() => {
      throw new Failure('No AWS region is set: set AWS_REGION, or name a profile that has one.');
    });
  }

  /** Finds a stack that is deployed, and its API by its logical id. */
  async find(stackName: string, api: string): Promise<LiveStack | undefined> {
    const outputs = await stackOutputs(this.#client, stackName);
    return outputs && { outputs, apiEndpoint: await this.#endpoint(stackName, api) };
  }

  async #endpoint(StackName: string, LogicalResourceId: string): Promise<string | undefined> {
    const { StackResourceDetail } =
      (await this.#client
        .send(new DescribeStackResourceCommand({ StackName, LogicalResourceId }))
        .catch(undefinedIfMissing)) ?? {};
    const region = await this.region();
    const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
    const id = StackResourceDetail?.PhysicalResourceId;
    return id && `https://${id}.execute-api.${region}.${suffix}`;
  }
}
