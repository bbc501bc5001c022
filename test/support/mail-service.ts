/** Runs one mail service, and prints its address. It ends with the process that started it at the latest. */
import { startSes } from '../../local/services/ses.ts';

process.stdin.on('end', () => process.exit()).resume();
console.info(await startSes());
