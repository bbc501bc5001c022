import type { doctor } from './doctor/doctor.ts';
import { Failure, sentenceFor } from './shared/failure.ts';
import { terminal } from './shared/terminal.ts';
import { usage } from './shared/usage.ts';

type Command = {
  readonly does: string;
  /** Runs it with what follows its name. Gives its exit code, or nothing while it runs on. */
  readonly run: (args: readonly string[]) => Promise<number | undefined>;
};

/** Each is loaded when it is asked for: one needs the CDK, another AWS, a third neither. */
const commands: Readonly<Record<string, Command>> = {
  start: {
    does: 'run the server on this machine',
    run: async (args) => (await import('./start/start.ts')).start(args, terminal.print),
  },
  add: {
    does: 'add tools from an OpenAPI document, or an MCP server from npm',
    run: async (args) => (await import('./add/add.ts')).add(args, terminal),
  },
  check: {
    does: 'check types, settings, tools and template, before anything is deployed',
    run: async (args) => (await import('./check/check.ts')).check(args, terminal),
  },
  deploy: {
    does: 'deploy the server to AWS, or with --diff show what would change',
    run: async (args) => (await import('./deploy/deploy.ts')).deploy(args),
  },
  doctor: {
    does: 'check a deployment, as a client would',
    run: async (args) => interruptibly((await import('./doctor/doctor.ts')).doctor, args),
  },
  'publish-check': {
    does: 'check what registries and directories require, and write it',
    run: async (args) => interruptibly((await import('./publish-check/publish-check.ts')).publishCheck, args),
  },
  admin: {
    does: 'administer clients, tenants, people and the audit',
    run: async (args) => (await import('./admin/admin.ts')).admin(args, terminal),
  },
  completion: {
    does: 'print a script that completes all of this in your shell',
    run: async (args) => (await import('./completion/completion.ts')).completion(args, terminal),
  },
  client: {
    does: 'sign in and call a tool',
    run: async (args) => (await import('./client/client.ts')).client(args, terminal),
  },
};

const list = Object.entries(commands).map(([name, { does }]) => `  ${name.padEnd(13)}  ${does}`);
const help = `A remote MCP server with its own sign-in, on AWS.

  vestibule COMMAND [OPTIONS]

${list.join('\n')}

Run \`vestibule COMMAND --help\` for more about a command.
`;

/** A program that reads the output may have seen enough, as `head` has. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  terminal.tell(sentenceFor(error, 'AWS'));
  process.exitCode = error instanceof Failure ? error.exitCode : 1;
}

async function interruptibly(program: typeof doctor, args: readonly string[]): Promise<number> {
  return (await import('./doctor/run.ts')).run(program, args);
}

async function run([name, ...args]: readonly string[]): Promise<number | undefined> {
  if (name === undefined || name === 'help' || name === '--help') {
    terminal.print(help.trimEnd());
    return name === undefined ? 2 : 0;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) throw usage(`There is no command "${name}": there are ${Object.keys(commands).join(', ')}`);
  return command.run(args);
}
