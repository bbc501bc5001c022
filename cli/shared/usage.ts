import { type ParseArgsConfig, parseArgs } from 'node:util';
import { Failure } from './failure.ts';

const THIS_MACHINE = 'http://localhost:3000';

/** A command line that makes no sense, in one sentence. */
export function usage(what: string): Failure {
  return new Failure(`${what}. --help explains the command line.`, 2);
}

/** Reads a command line by these rules. Throws a usage failure that says in one sentence what is wrong. */
export function parsed<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw usage(error.message.split(/[.\n]/)[0] ?? error.message);
  }
}

/** The command line with `--local` completed, which may stand without an address. */
export function withLocalUrl(args: readonly string[]): string[] {
  const hasUrl = (at: number) => /^https?:/.test(args[at + 1] ?? '');
  return args.map((arg, at) => (arg === '--local' && !hasUrl(at) ? `--local=${THIS_MACHINE}` : arg));
}

/** The origin that `--local` names. Throws a usage failure for any that is not on this machine. */
export function localOrigin(source: string): string {
  const url = URL.canParse(source) ? new URL(source) : undefined;
  if (url?.protocol === 'http:' && isLoopback(url)) return url.origin;
  throw usage(`--local must be an http address of this machine; it is ${source}`);
}

/** The address that `--url` names. Tokens travel to it, so it is https, or this very machine. Throws a usage failure. */
export function serverUrl(source: string): URL {
  const url = URL.canParse(source) ? new URL(source) : undefined;
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url))) return url;
  throw usage(`--url must be an https address, or http on this machine; it is ${source}`);
}

/** True if an address is on this very machine: `localhost`, every name below it, 127/8 and ::1. RFC 6761 §6.3. */
export function isLoopback({ hostname }: URL): boolean {
  return /(^|\.)localhost\.?$/.test(hostname) || /^127\.\d+\.\d+\.\d+$/.test(hostname) || hostname === '[::1]';
}

/** The number of seconds that an option gives, at most a day. Throws a usage failure. */
export function seconds(option: string, source: string): number {
  const value = Number(source);
  if (value > 0 && value <= 86_400) return value;
  throw usage(`--${option} must be a number of seconds`);
}
