/*
 * A warm process: has two bundles answer the same event many times, in turn, and writes to descriptor 3 how many
 * microseconds of the processor one call took of each, round by round.
 */
const { readFileSync, writeSync } = require('node:fs');

const [ours, example, eventFile, rounds, calls] = process.argv.slice(2);
const event = readFileSync(eventFile, 'utf8');
const context = { awsRequestId: 'bench', getRemainingTimeInMillis: () => 10_000 };
const writeLine = (message) => process.stdout.write(`${JSON.stringify({ level: 'INFO', message })}\n`);
console.info = writeLine;
console.warn = writeLine;

/** So many calls are answered before any is measured: by then the engine has compiled what is hot. */
const WARMING_CALLS = 800;

async function round(handler, calls) {
  const before = process.cpuUsage();
  for (let call = 0; call < calls; call += 1) {
    const { statusCode, body } = await handler(JSON.parse(event), context);
    if (statusCode !== 200 || body.includes('"isError":true')) throw new Error(body);
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / calls;
}

async function measure() {
  const handlers = { ours: require(ours).handler, example: require(example).handler };
  const both = async (count) => ({
    ours: await round(handlers.ours, count),
    example: await round(handlers.example, count),
  });
  await both(WARMING_CALLS);
  const each = [];
  for (let count = 0; count < Number(rounds); count += 1) each.push(await both(Number(calls)));
  writeSync(3, JSON.stringify(each));
  process.exit();
}

void measure();
