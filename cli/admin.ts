import { admin } from './admin/admin.ts';
import { terminal } from './shared/terminal.ts';

process.stdout.on('error', endOfReader);
process.exitCode = await admin(process.argv.slice(2), terminal);

/** A program that reads the output may have seen enough, as `head` has. */
function endOfReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
}
