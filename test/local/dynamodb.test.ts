import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Children } from '../../local/children.ts';
import { listen } from '../../local/http.ts';
import { startDynamoDb } from '../../local/services/dynamodb.ts';

const folder = mkdtempSync(join(tmpdir(), 'vestibule-dynamodb-'));

test('is the engine that was started, not another program that got the port before it', async () => {
  const children = new Children(join(folder, 'pids'));
  onTestFinished(() => children.end());
  const taken: number[] = [];
  const spawn: Children['spawn'] = (command, args, options) => {
    if (taken.length === 0) {
      const port = Number(args[args.indexOf('--port') + 1]);
      const other = createServer((_, response) => response.end('somebody else'));
      onTestFinished(() => void other.close());
      void listen(other, '127.0.0.1', port);
      taken.push(port);
    }
    return children.spawn(command, args, options);
  };
  const url = await startDynamoDb(folder, { spawn });
  expect(taken).toHaveLength(1);
  expect(Number(new URL(url).port)).not.toBe(taken[0]);
});
