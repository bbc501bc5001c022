import { setTimeout } from 'node:timers/promises';

/** What CloudFormation sends to a custom resource. */
export type ResourceRequest<Properties> = {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly ResourceProperties: Properties;
};

/** What a custom resource is called in CloudFormation, and what it does to exist. Deleting it does nothing. */
type CustomResource<Properties> = {
  readonly physicalId: (properties: Properties) => string;
  /** Gives the attributes of the resource. Rejects with the sentence that CloudFormation shows. */
  readonly make: (properties: Properties) => Promise<Readonly<Record<string, string>>>;
};

/** CloudFormation takes 4,096 bytes in all, and a character may take three of them. */
const LONGEST_REASON = 1_000;
const PATIENCE_SECONDS = 60;
const PAUSE_SECONDS = 3;

/** Makes a Lambda of a custom resource: it does what it must and tells CloudFormation what came of it. */
export function customResource<Properties>({
  physicalId,
  make,
}: CustomResource<Properties>): (request: ResourceRequest<Properties>) => Promise<void> {
  return async ({ RequestType, ResponseURL, StackId, RequestId, LogicalResourceId, ResourceProperties }) => {
    const made = RequestType === 'Delete' ? Promise.resolve({}) : make(ResourceProperties);
    const outcome = await made.then(
      (Data) => ({ Status: 'SUCCESS', Data }),
      (error: unknown) => ({ Status: 'FAILED', Reason: reasonOf(error) }),
    );
    const PhysicalResourceId = physicalId(ResourceProperties);
    const body = JSON.stringify({ StackId, RequestId, LogicalResourceId, PhysicalResourceId, ...outcome });
    // The address is signed for a request without a content type.
    const answer = await fetch(ResponseURL, { method: 'PUT', headers: { 'content-type': '' }, body });
    if (!answer.ok) throw new Error(`CloudFormation refused the answer with ${answer.status}`);
  };
}

function reasonOf(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return reason.length > LONGEST_REASON ? `${reason.slice(0, LONGEST_REASON)}…` : reason;
}

/**
 * Asks AWS again, for a minute, while the answer is one of these errors. A right that was given a moment ago takes a
 * while to reach every part of AWS, and so does a new resource.
 */
export async function patiently<T>(
  errorNames: readonly string[],
  ask: () => Promise<T>,
  wait: (seconds: number) => Promise<unknown> = (seconds) => setTimeout(seconds * 1_000),
): Promise<T> {
  for (let waited = 0; waited < PATIENCE_SECONDS; waited += PAUSE_SECONDS) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof Error) || !errorNames.includes(error.name)) throw error;
      await wait(PAUSE_SECONDS);
    }
  }
  return ask();
}
