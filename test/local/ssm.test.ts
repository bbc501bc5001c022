import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { beforeAll, describe, expect, test } from 'vitest';
import { startSsm } from '../../local/services/ssm.ts';

const outside = mkdtempSync(join(tmpdir(), 'vestibule-ssm-'));
const folder = join(outside, 'ssm');
let ssm: SSMClient;

function keep(name: string, value: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), value);
}

const parameter = async (Name: string) =>
  (await ssm.send(new GetParameterCommand({ Name, WithDecryption: true }))).Parameter?.Value;

beforeAll(async () => {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  ssm = new SSMClient({ endpoint: await startSsm(folder), region: 'us-east-1', credentials });
});

describe('the stand-in for SSM', () => {
  test('has the parameters that are files in its folder, as they are just now', async () => {
    keep('/vestibule/search-key', 'first\n');
    expect(await parameter('/vestibule/search-key')).toBe('first');
    keep('/vestibule/search-key', 'second');
    expect(await parameter('/vestibule/search-key')).toBe('second');
  });

  test.for([
    '/vestibule/other',
    '/vestibule',
    '/../secret',
    '/vestibule/../../secret',
    'vestibule/search-key',
    '/',
    '',
  ])('has no parameter %j', async (name) => {
    keep('../secret', 'of somebody else');
    keep('/vestibule/search-key', 'key');
    await expect(parameter(name)).rejects.toMatchObject({ name: 'ParameterNotFound' });
  });

  test('does nothing else', async () => {
    const putting = ssm.send(new PutParameterCommand({ Name: '/a', Value: 'b', Type: 'String' }));
    await expect(putting).rejects.toMatchObject({ name: 'UnsupportedOperationException' });
  });
});
