import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));

/** The folder with the sources of a program. */
export function sources(language: string): string {
  return join(here, language);
}
