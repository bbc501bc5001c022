/*
 * A fresh process: loads a bundle, has it answer one event, and writes to descriptor 3 what it answered, and how many
 * milliseconds this process has lived and used the processor for. CommonJS, so that Node strips no types first.
 */
const { readFileSync, writeSync } = require('node:fs');

const [bundle, event] = process.argv.slice(2);
const context = { awsRequestId: 'bench', getRemainingTimeInMillis: () => 10_000 };

async function answer() {
  const answered = await require(bundle).handler(JSON.parse(readFileSync(event, 'utf8')), context);
  const milliseconds = performance.now();
  const { user, system } = process.cpuUsage();
  writeSync(3, JSON.stringify({ milliseconds, cpu: (user + system) / 1_000, answer: answered }));
  process.exit();
}

void answer();
