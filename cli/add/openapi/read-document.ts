import { readFile, stat } from 'node:fs/promises';
import { LineCounter, parseDocument } from 'yaml';
import { Failure, sentenceFor } from '../../shared/failure.ts';
import { isLoopback } from '../../shared/usage.ts';
import { asDocument, type Document } from './document.ts';

const MOST_BYTES = 32 * 1024 * 1024;
const MOST_SECONDS = 30;
/** How often a YAML document may repeat a part by an alias: each is a copy. */
const MOST_ALIASES = 100;

/** Reads a document from a file or an address. Throws a failure that says what is wrong with it, and where. */
export async function readDocument(source: string): Promise<Document> {
  const bytes = /^[a-z][a-z0-9+.-]*:\/\//i.test(source) ? await fetched(source) : await fromFile(source);
  return asDocument(parsed(decoded(bytes, source), source), source);
}

async function fromFile(file: string): Promise<Uint8Array> {
  try {
    if ((await stat(file)).size > MOST_BYTES) throw tooLarge(file);
    return await readFile(file);
  } catch (error) {
    if (error instanceof Failure) throw error;
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    throw new Failure(code === 'ENOENT' ? `There is no file ${file}.` : `${file} cannot be read (${code}).`);
  }
}

/** Only what nobody on the way can change is turned into code. */
async function fetched(source: string): Promise<Uint8Array> {
  const url = URL.parse(source);
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url));
  if (!isSafe)
    throw new Failure(`A document is read from a file, from https, or from http on this machine; not ${source}.`);
  try {
    const signal = AbortSignal.timeout(MOST_SECONDS * 1_000);
    const response = await fetch(url, { redirect: 'manual', signal });
    if (response.status >= 300 && response.status < 400)
      throw new Failure(`${source} leads to ${response.headers.get('location')}: give that address, if you trust it.`);
    if (!response.ok) throw new Failure(`${source} answered with status ${response.status}.`);
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of response.body ?? []) {
      size += chunk.length;
      if (size > MOST_BYTES) throw tooLarge(source);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch (error) {
    throw error instanceof Failure ? error : new Failure(sentenceFor(error, source));
  }
}

function tooLarge(source: string): Failure {
  return new Failure(`${source} is larger than ${MOST_BYTES / 1024 / 1024} MB: cut out the part that you need.`);
}

function decoded(bytes: Uint8Array, source: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Failure(`${source} is not written in UTF-8.`);
  }
}

function parsed(text: string, source: string): unknown {
  if (/^\s*\{/.test(text)) {
    try {
      return JSON.parse(text);
    } catch {
      // YAML has objects in braces too, and says where it is wrong.
    }
  }
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter });
  const [error] = document.errors;
  if (error) {
    const { line, col } = lineCounter.linePos(error.pos[0]);
    const [what = ''] = error.message.split(/ at line |\n/);
    throw new Failure(`${source} is neither JSON nor YAML at line ${line}, column ${col}: ${what}.`);
  }
  try {
    return document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (cause) {
    throw new Failure(`${source} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`);
  }
}
