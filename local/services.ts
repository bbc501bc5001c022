/**
 * The stand-ins for DynamoDB, SES, KMS and SSM, without the rest: `npm run local:services`.
 * Prints the environment variables that point an AWS SDK at them. Data is kept in `DATA_DIR` (default `.local/services`).
 */
import { claimDataFolder } from './data-folder.ts';
import { runUntilSignal } from './run.ts';
import { startServices } from './services/start.ts';

await runUntilSignal(async () => {
  const { folder, children } = await claimDataFolder(process.env.DATA_DIR ?? '.local/services');
  for (const [name, url] of Object.entries(await startServices(folder, children))) console.info(`${name}=${url}`);
  return () => children.end();
});
