import { ApiGatewayV2Client, GetApiCommand, NotFoundException } from '@aws-sdk/client-apigatewayv2';
import {
  CloudFormationClient,
  DescribeStackResourceCommand,
  DescribeStacksCommand,
  paginateDescribeStackEvents,
  paginateListStackResources,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { stackOutputs, undefinedIfMissing } from '../shared/stack-outputs.ts';
import { clientOf, type Place } from './place.ts';

/** What is live of a stack: its outputs, and the address of the API that it would keep, if it has that API. */
export type LiveStack = {
  readonly outputs: Readonly<Record<string, string>>;
  readonly apiEndpoint: string | undefined;
};

/** The stacks of an account and region. */
export class LiveStacks {
  readonly #client: CloudFormationClient;
  readonly #place: Pick<Place, 'region' | 'profile'>;

  constructor(place: Pick<Place, 'region' | 'profile'>) {
    this.#place = place;
    this.#client = new CloudFormationClient(clientOf(place));
  }

  /** Finds a stack that is deployed, and its API by its logical id. */
  async find(stackName: string, api: string): Promise<LiveStack | undefined> {
    const outputs = await stackOutputs(this.#client, stackName);
    return outputs && { outputs, apiEndpoint: await this.#endpoint(stackName, api) };
  }

  /** What state a stack is in, and whether it is protected against being deleted. Undefined if there is none. */
  async state(StackName: string): Promise<{ status: string; isProtected: boolean } | undefined> {
    const described = await this.#client.send(new DescribeStacksCommand({ StackName })).catch(undefinedIfMissing);
    const [stack] = described?.Stacks ?? [];
    return stack && { status: stack.StackStatus ?? '', isProtected: stack.EnableTerminationProtection === true };
  }

  /** The SES identities that a stack has made. */
  async identities(StackName: string): Promise<string[]> {
    const pages = paginateListStackResources({ client: this.#client }, { StackName });
    const names: string[] = [];
    try {
      for await (const { StackResourceSummaries = [] } of pages)
        for (const { ResourceType, PhysicalResourceId } of StackResourceSummaries)
          if (ResourceType === 'AWS::SES::EmailIdentity' && PhysicalResourceId) names.push(PhysicalResourceId);
    } catch (error) {
      undefinedIfMissing(error);
    }
    return names;
  }

  /** The tables that were not deleted as a stack went. Its events tell, for a list of its resources may leave them out. */
  async keptTables(StackName: string): Promise<string[]> {
    const names = new Set<string>();
    for await (const { StackEvents = [] } of paginateDescribeStackEvents({ client: this.#client }, { StackName }))
      for (const { ResourceType, ResourceStatus, PhysicalResourceId } of StackEvents)
        if (ResourceType === 'AWS::DynamoDB::GlobalTable' && ResourceStatus === 'DELETE_SKIPPED' && PhysicalResourceId)
          names.add(PhysicalResourceId);
    return [...names];
  }

  /** Has a stack be deleted that may not be. */
  async unprotect(StackName: string): Promise<void> {
    await this.#client.send(new UpdateTerminationProtectionCommand({ StackName, EnableTerminationProtection: false }));
  }

  /** What the API says its address is: nothing else knows, neither the region's usual form nor the stack's outputs. */
  async #endpoint(StackName: string, LogicalResourceId: string): Promise<string | undefined> {
    const { StackResourceDetail } =
      (await this.#client
        .send(new DescribeStackResourceCommand({ StackName, LogicalResourceId }))
        .catch(undefinedIfMissing)) ?? {};
    const ApiId = StackResourceDetail?.PhysicalResourceId;
    if (!ApiId) return undefined;
    const api = await new ApiGatewayV2Client(clientOf(this.#place))
      .send(new GetApiCommand({ ApiId }))
      .catch((error) => {
        if (!(error instanceof NotFoundException)) throw error;
      });
    return api?.ApiEndpoint;
  }
}
