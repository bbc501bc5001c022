/**
 * The whole stack on this machine: `npm start`. It synthesises the stack and runs that template.
 *
 * `PORT` (3000; 0 for any free one), `DATA_DIR` (`.local`), `WATCH=off` to ignore changes of the sources,
 * `START_AHEAD=off` to start each Lambda only when something is asked of it: whether it is healthy is not,
 * `VERBOSE=on` for all that the Lambdas log,
 * `DNS_SERVER` (address and port) for look-ups of mail domains, which are answered here otherwise,
 * `TELL` for a file that says where the services are and what each Lambda is told,
 * `ASSEMBLY_DIR` to run an assembly that was synthesised before, `AWS_ENDPOINT_URL_…` to use services that run already,
 * `NODE_EXTRA_CA_CERTS` for certificates that the Lambdas are to trust as well.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { paths } from '../core/routes.ts';
import { type Rights, startGuard } from './access/guard.ts';
import { synthesise } from './assembly.ts';
import { claimDataFolder } from './data-folder.ts';
import { Deployment } from './deployment.ts';
import { Gateway } from './gateway.ts';
import { exchange } from './http.ts';
import { lambdaPath } from './invoke.ts';
import type { Surroundings } from './lambda-process.ts';
import { mailboxPath } from './mailbox.ts';
import { functionName, region } from './names.ts';
import { project } from './project.ts';
import { Refusal } from './refusal.ts';
import { type Answered, requestLine } from './request-line.ts';
import { runUntilSignal } from './run.ts';
import { startDns } from './services/dns.ts';
import { type Endpoints, startServices } from './services/start.ts';
import { Stack } from './stack.ts';
import { Database, sweep } from './table.ts';
import { watchSources } from './watch.ts';

const sweepMilliseconds = 60_000;
const isVerbose = process.env.VERBOSE === 'on';

await runUntilSignal(async () => {
  const { folder, children } = await claimDataFolder(process.env.DATA_DIR ?? '.local');
  process.env.NODE_COMPILE_CACHE ??= join(folder, 'compile-cache');
  const assemblyFolder = join(folder, 'assembly');
  rmSync(assemblyFolder, { recursive: true, force: true });
  const gateway = await Gateway.open(Number(process.env.PORT ?? 3000), tell);
  const issuer = `http://localhost:${gateway.port}`;
  const [assembly, endpoints, dnsServer] = await Promise.all([
    synthesise(assemblyFolder, children.spawn),
    startServices(folder, children),
    process.env.DNS_SERVER ?? startDns(),
  ]);

  const database = new Database(endpoints.AWS_ENDPOINT_URL_DYNAMODB);
  const rights: Rights = (functionId) => deployment.statements(functionId);
  // Lambda itself is the gateway, which has its API below a path.
  const lambdas = { AWS_ENDPOINT_URL_LAMBDA: `${await startGuard(issuer, rights)}${lambdaPath}` };
  const guards = await guarded(endpoints, rights);
  const environment = lambdaEnvironment({ ...guards, ...lambdas, DNS_SERVER: dnsServer });
  const deployment = new Deployment(database, { spawn: children.spawn, environment, print });
  const stack = new Stack(assembly, issuer);
  await deployment.deploy(stack);
  if (process.env.TELL) writeFileSync(process.env.TELL, told(endpoints, stack));
  gateway.serve(deployment, endpoints.AWS_ENDPOINT_URL_SESV2);
  const startsAhead = process.env.START_AHEAD !== 'off';
  const startAhead = async () => startsAhead && deployment.startAhead();
  const redeploy = async () => {
    const startedAt = performance.now();
    await deployment.deploy(new Stack(await synthesise(assemblyFolder, children.spawn), issuer));
    console.info(`Reloaded in ${((performance.now() - startedAt) / 1_000).toFixed(1)} s.`);
    await startAhead();
  };
  // Before it says that it is there, so that what is saved from then on is served.
  if (process.env.WATCH !== 'off') watchSources(project, () => redeploy().catch(report));
  if (startsAhead) await checkHealth(issuer);
  announce(issuer, stack.mcpOrigin);
  void startAhead();

  const sweepAll = () => Promise.all(deployment.tables.map((table) => sweep(database, table, Date.now() / 1_000)));
  setInterval(() => sweepAll().catch(report), sweepMilliseconds);
  for (const { functionId, milliseconds, eventAt } of stack.schedules)
    setInterval(() => deployment.invoke(functionId, eventAt(new Date())).catch(report), milliseconds);
  return async () => {
    gateway.close();
    await children.end();
  };
});

/** The Lambdas reach each service through a guard, so that a right which a role lacks is missed here already. */
async function guarded(endpoints: Endpoints, rights: Rights): Promise<Record<string, string>> {
  const guards = Object.entries(endpoints).map(async ([name, url]) => [name, await startGuard(url, rights)] as const);
  return Object.fromEntries(await Promise.all(guards));
}

/** What Lambda sets for every function, and nothing else of this machine's environment. */
function lambdaEnvironment(endpoints: Readonly<Record<string, string>>): Surroundings['environment'] {
  const { TRUSTED_METADATA_HOSTS, NODE_EXTRA_CA_CERTS, NODE_COMPILE_CACHE } = process.env;
  return {
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_FORMAT: 'JSON',
    LANG: 'en_US.UTF-8',
    PATH: '/usr/local/bin:/usr/bin:/bin',
    TZ: 'UTC',
    ...endpoints,
    ...(TRUSTED_METADATA_HOSTS && { TRUSTED_METADATA_HOSTS }),
    ...(NODE_EXTRA_CA_CERTS && { NODE_EXTRA_CA_CERTS }),
    ...(NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE }),
  };
}

/** For programs that make what they need of a running stack with the functions of a Lambda, rather than by requests. */
function told(endpoints: Endpoints, stack: Stack): string {
  const { routes } = stack;
  const environments = routes.map(({ key, functionId }) => [key, stack.function(functionId).environment]);
  return JSON.stringify({ region, endpoints, environments: Object.fromEntries(environments) });
}

async function checkHealth(issuer: string): Promise<void> {
  const { status } = await exchange(`${issuer}${paths.health}`);
  if (status !== 200)
    throw new Refusal(`The server started, but ${paths.health} answers ${status}: see the lines above.`);
}

function announce(issuer: string, mcpOrigin: string): void {
  const mcpUrl = `${mcpOrigin}${paths.mcp}`;
  const signIn = issuer === mcpOrigin ? '' : `Sign-in     ${issuer}\n`;
  console.info(`
MCP server  ${mcpUrl}
${signIn}Mailbox     ${issuer}${mailboxPath}
Setup page  ${mcpOrigin}${paths.home}

Add it to Claude Code:
  claude mcp add --transport http vestibule ${mcpUrl}
`);
}

/** A line that a Lambda wrote, after the name of the Lambda without what CDK adds to it. */
function print(functionId: string, line: string): void {
  if (isVerbose || !isOrdinary(line)) console.info(`${functionName(functionId)} │ ${line}`);
}

/** True if a line only says what a request did, which its own line says in short. */
function isOrdinary(line: string): boolean {
  return /^\{.*"level":"(INFO|DEBUG|TRACE)"/.test(line) || line.startsWith('{"_aws":');
}

function tell(answered: Answered): void {
  console.info(requestLine(answered, process.stdout.hasColors?.() ?? false));
}

function report(error: unknown): void {
  console.error(error instanceof Refusal ? error.message : error);
  console.error('What ran before keeps running.');
}
