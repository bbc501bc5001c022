import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { customResource, patiently } from '#core/custom-resource.ts';
import { serving } from '../support/loopback-server.ts';

type Put = { readonly method: string | undefined; readonly type: string | undefined; readonly answer: unknown };

/** Where CloudFormation waits for the answer of a custom resource, for the length of a test. */
async function startWaiting(): Promise<{ url: string; puts: Put[] }> {
  const puts: Put[] = [];
  const url = await serving(async (request, response) => {
    const { method, headers } = request;
    puts.push({ method, type: headers['content-type'], answer: JSON.parse(await text(request)) });
    response.end();
  });
  return { url: `${url}/`, puts };
}

const asked = { StackId: 's', RequestId: 'r', LogicalResourceId: 'l', ResourceProperties: { Name: 'n' } };
const resource = (make: () => Promise<Record<string, string>>) =>
  customResource<{ readonly Name: string }>({ physicalId: ({ Name }) => Name, make });
const ids = { StackId: 's', RequestId: 'r', LogicalResourceId: 'l', PhysicalResourceId: 'n' };

describe('a custom resource', () => {
  test('tells CloudFormation its attributes, without a content type, which the address is not signed for', async () => {
    const { url, puts } = await startWaiting();
    await resource(async () => ({ A: '1' }))({ ...asked, RequestType: 'Create', ResponseURL: url });
    expect(puts).toEqual([{ method: 'PUT', type: '', answer: { ...ids, Status: 'SUCCESS', Data: { A: '1' } } }]);
  });

  test('tells why it could not be made', async () => {
    const { url, puts } = await startWaiting();
    const make = () => Promise.reject(new Error('It is so'));
    await resource(make)({ ...asked, RequestType: 'Update', ResponseURL: url });
    expect(puts.map(({ answer }) => answer)).toEqual([{ ...ids, Status: 'FAILED', Reason: 'It is so' }]);
  });

  test('tells no more than CloudFormation takes, which is 4,096 bytes in all', async () => {
    const { url, puts } = await startWaiting();
    const make = () => Promise.reject(new Error('“It is so”'.repeat(1_000)));
    await resource(make)({ ...asked, RequestType: 'Create', ResponseURL: url });
    expect(puts[0]?.answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(/^“It is so”.*…$/) });
    expect(Buffer.byteLength(JSON.stringify(puts[0]?.answer))).toBeLessThan(4_096);
  });

  test('has nothing to do when it is deleted', async () => {
    const { url, puts } = await startWaiting();
    const make = () => Promise.reject(new Error('It is so'));
    await resource(make)({ ...asked, RequestType: 'Delete', ResponseURL: url });
    expect(puts.map(({ answer }) => answer)).toEqual([{ ...ids, Status: 'SUCCESS', Data: {} }]);
  });
});

describe('a right that was given a moment ago', () => {
  const denied = Object.assign(new Error('Not yet'), { name: 'AccessDeniedException' });

  /** Asks for something that is refused so many times first. Gives how long was waited, and what came of it. */
  async function outcome(refusals: number, error: Error = denied) {
    let [left, waited] = [refusals, 0];
    const ask = async () => {
      if (left-- > 0) throw error;
      return 'done';
    };
    const wait = async (seconds: number) => {
      waited += seconds;
    };
    const result = await patiently(['AccessDeniedException', 'NotFoundException'], ask, wait).catch((thrown) => thrown);
    return { result, waited };
  }

  test.for([0, 1, 5, 20])('is waited for: %d refusals', async (refusals) => {
    expect(await outcome(refusals)).toEqual({ result: 'done', waited: refusals * 3 });
  });

  test('is waited for a minute and no longer', async () => {
    expect(await outcome(1_000)).toEqual({ result: denied, waited: 60 });
  });

  test('is not waited for when something else is wrong', async () => {
    const error = Object.assign(new Error('No'), { name: 'KMSInvalidStateException' });
    expect(await outcome(1, error)).toEqual({ result: error, waited: 0 });
  });
});
