/**
 * Load over a while: `npm run soak`. Thousands of grants, mixed traffic on the loopback, and then what must be so: no
 * request failed, no process grew, and the audit has every call. `SOAK_SECONDS` (300), `GRANTS` (5000) and `CALLERS` (16)
 * make it shorter or harder. It fails with a sentence for each thing that is not so.
 */
import { tableClient } from '../test/support/items.ts';
import { startDeployed } from './deployed.ts';
import { auditedCalls } from './soak/audited.ts';
import { grantsOf } from './soak/grants.ts';
import { growing, Memory } from './soak/memory.ts';
import { Traffic } from './soak/traffic.ts';
import { tableOf } from './table-of.ts';

const number = (name: string, usual: number) => Number(process.env[name] ?? usual);
const [seconds, many, callers] = [number('SOAK_SECONDS', 300), number('GRANTS', 5_000), number('CALLERS', 16)];

const deployed = await startDeployed();
try {
  const grants = await grantsOf(deployed, many);
  console.info(`${grants.length} grants; ${callers} callers for ${seconds} seconds`);
  const traffic = new Traffic(deployed.issuer, grants);
  const memory = new Memory(seconds);
  await traffic.run({ callers, seconds });
  const samples = memory.stop();
  const audited = await auditedCalls(tableClient(deployed.engine), deployed.tableName);
  const { done, failures, calls } = traffic;
  const rows = [...done].map(([what, count]) => [what, String(count), (count / seconds).toFixed(0)]);
  console.info(tableOf(['request', 'many', 'a second'], rows));
  console.info(
    tableOf(
      ['process', 'MB, by eighths of the time'],
      samples.map(({ name, eighths }) => [name, eighths.join(', ')]),
    ),
  );
  const sentences = [
    ...failures.slice(0, 10),
    ...growing(samples),
    ...(audited === calls ? [] : [`${calls} calls were answered, and the audit has ${audited}.`]),
  ];
  for (const sentence of sentences) console.error(sentence);
  if (sentences.length > 0) process.exitCode = 1;
} finally {
  await deployed.stop();
}
// The stand-ins for SES and KMS in this process would keep it alive.
process.exit();
