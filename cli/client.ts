import { Access } from './client/access.ts';
import { help, type Options, readOptions } from './client/options.ts';
import { shownResult, shownTools } from './client/print.ts';
import { TokenStore } from './client/token-store.ts';
import { openBrowser } from './shared/browser.ts';
import { Failure, sentenceFor } from './shared/failure.ts';
import { walkThrough } from './shared/mailbox.ts';
import { callTool, listTools } from './shared/mcp.ts';
import { Trace } from './shared/trace.ts';
import { wire as plainWire, type Wire } from './shared/wire.ts';

process.exitCode = await main(process.argv.slice(2));

/** Does what the command line says. Gives the exit code; whatever goes wrong is one sentence on stderr. */
async function main(args: readonly string[]): Promise<number> {
  let url = 'The server';
  try {
    const options = readOptions(args);
    url = options.url.href;
    return await run(options);
  } catch (error) {
    tell(sentenceFor(error, url));
    if (args.includes('--verbose') && !(error instanceof Failure)) console.error(error);
    return error instanceof Failure ? error.exitCode : 1;
  }
}

async function run(options: Options): Promise<number> {
  const { command, url, isJson } = options;
  if (command.name === 'help') return print(help.trimEnd());
  const trace = options.isVerbose ? new Trace(tell) : undefined;
  const wire = trace?.over(plainWire) ?? plainWire;
  const access = new Access({
    ...{ url, wire, tell, scope: options.scope, timeoutSeconds: options.timeoutSeconds },
    store: new TokenStore(options.storeFile, url),
    visit: (address, redirectUri) => visit(address, redirectUri, wire, options),
    note: (line) => trace?.note(line),
  });
  switch (command.name) {
    case 'logout':
      return print((await access.end()) ? `Signed out of ${url}.` : `You are not signed in to ${url}.`);
    case 'list': {
      const tools = await access.use((token) => listTools({ url, token, wire }));
      return print(isJson ? JSON.stringify({ tools }) : shownTools(tools));
    }
    case 'call': {
      const result = await access.use((token) => callTool({ url, token, wire }, command.tool, command.input));
      if (isJson) print(JSON.stringify(result));
      else (result.isError ? tell : print)(shownResult(result));
      return result.isError ? 1 : 0;
    }
  }
}

/** Brings a person to the sign-in page. The address is printed too, for where no browser opens. */
async function visit(address: URL, redirectUri: string, wire: Wire, options: Options): Promise<void> {
  const { mailboxAddress: email, opensBrowser } = options;
  if (email !== undefined) return await walkThrough(address, { email, redirectUri, wire });
  tell(`Open this address in your browser to sign in:\n${address}`);
  if (opensBrowser) openBrowser(address);
}

/** Prints what was asked for. */
function print(text: string): 0 {
  process.stdout.write(`${text}\n`);
  return 0;
}

/** Says what goes on, beside the output. */
function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}
