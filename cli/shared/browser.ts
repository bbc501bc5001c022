import { spawn } from 'node:child_process';

/** Programs that open an address, given it as an argument of its own: no shell ever reads it. */
const openers: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

/** Opens a web address in the person's browser. Where that does not work, the printed address is still there. */
export function openBrowser(address: URL): void {
  if (address.protocol !== 'https:' && address.protocol !== 'http:') return;
  const [program, ...args] = openers[process.platform] ?? ['xdg-open'];
  const child = spawn(program, [...args, address.href], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}
