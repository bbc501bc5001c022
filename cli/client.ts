import { client } from './client/client.ts';
import { terminal } from './shared/terminal.ts';

process.exitCode = await client(process.argv.slice(2), terminal);
