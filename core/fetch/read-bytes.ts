import type { IncomingMessage } from 'node:http';

/** The body of an answer as it came. Undefined if it has more bytes than this. Throws once the signal is aborted. */
export async function readBytes(
  response: IncomingMessage,
  mostBytes: number,
  signal: AbortSignal,
): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    size += chunk.length;
    if (size > mostBytes) return undefined;
    signal.throwIfAborted();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
