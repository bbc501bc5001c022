import { setTimeout as wait } from 'node:timers/promises';
import { connect as connectOperator } from '../admin/deployment.ts';
import { discover } from '../shared/discovery.ts';
import { Failure, sentenceFor } from '../shared/failure.ts';
import type { Terminal } from '../shared/terminal.ts';
import { wire } from '../shared/wire.ts';
import { people, tenant, waiting } from './cast.ts';
import { connect, registered, type Scene, waitForSomebody } from './connect.ts';
import { newCodes } from './mail.ts';
import { help, readOptions } from './options.ts';
import { type LocalServer, startServer } from './server.ts';

type Stage = Terminal & { readonly interruption: AbortSignal };

const POLL_MILLISECONDS = 500;

/** Starts a server with people, clients and a history, says where to look, and goes on until Ctrl-C. Gives the exit code. */
export async function demo(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  stage: Stage,
): Promise<0 | 1 | 2 | 3> {
  let server: LocalServer | undefined;
  try {
    if (readOptions(args) === 'help') {
      stage.print(help.trimEnd());
      return 0;
    }
    stage.tell('Starting the server…');
    server = await startServer(environment, stage.interruption);
    await play(server, stage);
    return 0;
  } catch (error) {
    if (stage.interruption.aborted) return 0;
    stage.tell(sentenceFor(error, server?.issuer ?? 'The server'));
    return error instanceof Failure ? error.exitCode : 1;
  } finally {
    await server?.stop();
  }
}

async function play({ issuer, mcpUrl: url, ended }: LocalServer, stage: Stage): Promise<void> {
  const scene = { url, server: await discover(url, undefined, wire) };
  await setUp(issuer, scene, stage);
  const client = await registered(scene, waiting);
  const page = Promise.withResolvers<URL>();
  const decided = waitForSomebody(scene, client, page.resolve).then(
    () => stage.print(`\n${waiting} is connected. Its line is on the account page now.`),
    (error) => stage.print(`\n${sentenceFor(error, issuer)}`),
  );
  const known = newCodes(issuer);
  await known();
  stage.print(links({ issuer, url }, await Promise.race([page.promise, decided.then(() => new URL(issuer))])));
  const isOver = ended.then(() => {
    if (!stage.interruption.aborted) throw new Failure('The server ended.');
  });
  await Promise.race([isOver, watchMail(known, stage)]);
}

/** Everything as it would be: the operator by command, people through the pages, clients by MCP. */
async function setUp(issuer: string, scene: Scene, { tell, interruption }: Stage): Promise<void> {
  const ask = await connectOperator({ kind: 'local', url: issuer });
  await ask('tenants add', { id: tenant.id, name: tenant.name });
  await ask('tenants add-domain', { id: tenant.id, domain: tenant.domain });
  await ask('tenants add-member', { id: tenant.id, address: tenant.admin, role: 'admin' });
  const clients = new Map<string, Awaited<ReturnType<typeof registered>>>();
  for (const { address, connections } of people)
    for (const { client: name, calls, isEnded } of connections) {
      interruption.throwIfAborted();
      tell(`${address} connects ${name}…`);
      const client = clients.get(name) ?? (await registered(scene, name));
      clients.set(name, client);
      await connect(scene, { address, client, calls });
      if (isEnded) await endNewest(ask, address);
    }
}

async function endNewest(ask: Awaited<ReturnType<typeof connectOperator>>, address: string): Promise<void> {
  const { grants } = await ask('people grants', { address });
  const newest = Array.isArray(grants) ? grants.at(-1) : undefined;
  await ask('people end-grants', { address, grant_id: newest?.grant_id });
}

function links({ issuer, url }: { readonly issuer: string; readonly url: URL }, consent: URL): string {
  return `
Have a look:

  Setup page    ${url.origin}/
  Account       ${issuer}/account
                Sign in as ${tenant.admin}. The code appears here.
  Consent       ${consent}
                ${waiting} waits for an answer. Sign in as above.
  Mailbox       ${issuer}/local/mailbox

Be the operator:

  npm run admin -- stats --local ${issuer}
  npm run admin -- tenants show ${tenant.id} --local ${issuer}
  npm run admin -- grants list ${tenant.admin} --local ${issuer}
  npm run admin -- audit --tenant ${tenant.id} --local ${issuer}

Connect a client of yours:

  claude mcp add --transport http vestibule ${url.href}

Ctrl-C ends it, and nothing of it is kept.`;
}

/** Prints each code that is mailed from now on, for the person who signs in. */
async function watchMail(codes: ReturnType<typeof newCodes>, { print, interruption }: Stage): Promise<void> {
  for (;;) {
    for (const { to, code } of await codes()) print(`\nCode for ${to}: ${code}`);
    await wait(POLL_MILLISECONDS, undefined, { signal: interruption });
  }
}
