import { openBrowser } from '../shared/browser.ts';
import { Failure, sentenceFor } from '../shared/failure.ts';
import { walkThrough } from '../shared/mailbox.ts';
import { callTool, listTools } from '../shared/mcp.ts';
import type { Terminal } from '../shared/terminal.ts';
import { Trace } from '../shared/trace.ts';
import { wire as plainWire, type Wire } from '../shared/wire.ts';
import { Access } from './access.ts';
import { help, type Options, readOptions } from './options.ts';
import { shownResult, shownTools } from './print.ts';
import { TokenStore } from './token-store.ts';

/** Does what the command line says. Returns the exit code, and reports what goes wrong in one sentence. */
export async function client(args: readonly string[], terminal: Terminal): Promise<0 | 1 | 2 | 3> {
  let url = 'The server';
  try {
    const options = readOptions(args);
    url = options.url.href;
    return await run(options, terminal);
  } catch (error) {
    terminal.tell(sentenceFor(error, url));
    if (args.includes('--verbose') && error instanceof Error && !(error instanceof Failure))
      terminal.tell(error.stack ?? error.message);
    return error instanceof Failure ? error.exitCode : 1;
  }
}

async function run(options: Options, terminal: Terminal): Promise<0 | 1> {
  const { command, url, isJson } = options;
  const { print, tell } = terminal;
  const trace = options.isVerbose ? new Trace(tell) : undefined;
  const wire = trace?.over(plainWire) ?? plainWire;
  const access = new Access({
    url,
    wire,
    tell,
    scope: options.scope,
    timeoutSeconds: options.timeoutSeconds,
    store: new TokenStore(options.storeFile, url),
    visit: (address, redirectUri) => visit({ address, redirectUri, wire, tell }, options),
    note: (line) => trace?.note(line),
  });
  switch (command.name) {
    case 'help':
      print(help.trimEnd());
      return 0;
    case 'logout':
      print((await access.end()) ? `Signed out of ${url}.` : `You are not signed in to ${url}.`);
      return 0;
    case 'list': {
      const tools = await access.use((token) => listTools({ url, token, wire }));
      print(isJson ? JSON.stringify({ tools }) : shownTools(tools));
      return 0;
    }
    case 'call': {
      const result = await access.use((token) => callTool({ url, token, wire }, command.tool, command.input));
      if (isJson) print(JSON.stringify(result));
      else (result.isError ? tell : print)(shownResult(result));
      return result.isError ? 1 : 0;
    }
  }
}

type Visit = {
  readonly address: URL;
  readonly redirectUri: string;
  readonly wire: Wire;
  readonly tell: Terminal['tell'];
};

/** Brings a person to the sign-in page. The address is printed too, for where no browser opens. */
async function visit({ address, redirectUri, wire, tell }: Visit, options: Options): Promise<void> {
  const { mailboxAddress: email, opensBrowser } = options;
  if (email !== undefined) return await walkThrough(address, { email, redirectUri, wire });
  tell(`Open this address in your browser to sign in:\n${address}`);
  if (opensBrowser) openBrowser(address);
}
