import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import * as z from 'zod';

const LONGEST_ADDRESS = 1_024;
const LARGEST_ICON = 50_000;
const [SMALLEST_SIDE, LARGEST_SIDE] = [48, 4_096];
const PNG_SIGNATURE = '89504e470d0a1a0a';
const part = '[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])';
const lastPart = '[a-zA-Z0-9](?:[a-zA-Z0-9._-]*[a-zA-Z0-9])';
const number = '(?:0|[1-9][0-9]*)';

/** One line, as forms take it, of at most so many characters. */
const line = (most: number) =>
  z
    .string()
    .trim()
    .regex(/^[^\p{Cc}]*$/u, 'must be one line')
    .min(1, 'must not be empty; leave it out to have none')
    .refine((text) => text.length <= most, {
      error: ({ input }) => `has ${String(input).length} characters; at most ${most} are taken`,
    });

const page = z
  .url({ protocol: /^https$/, error: 'must be an https address, such as https://example.com/todos' })
  .max(LONGEST_ADDRESS, `must have at most ${LONGEST_ADDRESS} characters`);

/** What registries and directories are told about a server. `docs/publishing.md` says which of them needs what. */
export const listing = z
  .strictObject({
    /** The name in registries: your domain in reverse, or `io.github.` and your account, then the server. */
    name: z
      .string()
      .max(200, 'must have at most 200 characters')
      .regex(
        new RegExp(`^${part}/${lastPart}$`),
        'must be a domain turned around, a slash and a name of letters, digits, dots, hyphens and underscores, each of two characters or more, such as com.example/todos',
      ),
    /** The listed version. A registry accepts each only once, so raise it whenever the listing changes. */
    version: z
      .string()
      .max(255, 'must have at most 255 characters')
      .regex(
        new RegExp(`^${number}\\.${number}\\.${number}(-[0-9A-Za-z.-]+)?$`),
        'must be one version, such as 1.0.0, and no range',
      ),
    /** The title in lists. By default, the `name` of the settings. */
    title: line(30).optional(),
    /** One line below the title. */
    tagline: line(30).optional(),
    /** What it does, in a sentence. */
    description: line(100),
    /** The longer text of a directory's page. */
    text: z
      .string()
      .trim()
      .min(1, 'must not be empty; leave it out to have none')
      .max(4_000, 'must have at most 4000 characters')
      .optional(),
    /** Who offers it: a person or an organization. */
    publisher: line(80).optional(),
    website: page.optional(),
    /** A public repository on GitHub or GitLab. */
    repository: z
      .string()
      .regex(
        /^https:\/\/(github\.com\/[\w.-]+\/[\w.-]+|gitlab\.com(\/[\w.-]+){2,})$/,
        'must be the address of a repository on GitHub or GitLab, such as https://github.com/example/todos',
      )
      .optional(),
    /** The path of a square PNG file of at most 50 KB, relative to where `npm run deploy` runs. 512 by 512 suits everywhere. */
    icon: z
      .string()
      .refine((path) => extname(path) === '.png', 'must be the path of a .png file')
      .optional(),
    /** Examples of what people could ask for, in their words. ChatGPT takes three, Claude three or more. */
    prompts: z
      .array(line(128).refine((prompt) => !prompt.includes('@'), 'must not contain @'))
      .max(3, 'must be three at most')
      .refine((prompts) => new Set(prompts).size === prompts.length, 'must differ from each other')
      .default([]),
    /** Proves to a registry or directory that the domain is yours. Nothing here is secret. */
    proofs: z
      .strictObject({
        /** The token that OpenAI's form shows. */
        openai: z
          .string()
          .regex(/^[\w.~+/=-]{1,500}$/, 'must be the token alone, without spaces, quotes or line breaks')
          .optional(),
        /** The line for the key that you sign in to the MCP registry with. */
        mcpRegistry: z
          .string()
          .refine(isRegistryProof, 'must be the line v=MCPv1; k=ed25519; p=… with the public key of 32 bytes in base64')
          .optional(),
      })
      .prefault({}),
  })
  .optional();

type Listing = z.output<typeof listing>;
type Icon = { readonly base64: string; readonly side: number };

/** What the endpoints say of a listing, and its icon, if there are any. Throws when the file of the icon will not do. */
export function listedOf(given: Listing, nameOfServer: string) {
  if (!given) return { listed: null, icon: null };
  const { name, version, title = nameOfServer, description, publisher = nameOfServer, website, repository } = given;
  const icon = iconOf(given.icon);
  const repositoryOf = repository && { url: repository, source: sourceOf(repository) };
  const listed = {
    name,
    version,
    title,
    description,
    publisher,
    website,
    repository: repositoryOf,
    iconSide: icon?.side,
  };
  return { listed, icon: icon?.base64 ?? null };
}

/** Where a repository is, in the words of the MCP registry. */
function sourceOf(repository: string): 'github' | 'gitlab' {
  return repository.startsWith('https://github.com/') ? 'github' : 'gitlab';
}

/** A square PNG with its size, which its first chunk says. PNG, Third Edition, §11.2.1. */
function iconOf(path: string | undefined): Icon | null {
  if (path === undefined) return null;
  const content = readFileSync(path);
  if (content.length > LARGEST_ICON)
    throw notValid(`${path} has ${content.length} bytes; at most ${LARGEST_ICON} are allowed`);
  const isPng = content.length > 24 && content.subarray(0, 8).toString('hex') === PNG_SIGNATURE;
  if (!isPng) throw notValid(`${path} is not a PNG file; save it as one, 512 by 512 pixels`);
  const [width, height] = [content.readUInt32BE(16), content.readUInt32BE(20)];
  if (width !== height)
    throw notValid(`${path} is ${width} by ${height} pixels; it must be square, such as 512 by 512`);
  if (width < SMALLEST_SIDE || width > LARGEST_SIDE)
    throw notValid(`${path} is ${width} pixels wide; it must be ${SMALLEST_SIDE} to ${LARGEST_SIDE}, such as 512`);
  return { base64: content.toString('base64'), side: width };
}

function notValid(found: string): Error {
  return new Error(`vestibule.config.ts is not valid:\n  listing.icon: ${found}`);
}

/** True for the line by which the MCP registry knows a public key: Ed25519 in 32 bytes, or P-384 as a compressed point. */
function isRegistryProof(text: string): boolean {
  const [, algorithm, key = ''] = /^v=MCPv1; k=(ed25519|ecdsap384); p=([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? [];
  const bytes = Buffer.from(key, 'base64');
  if (bytes.toString('base64') !== key) return false;
  return algorithm === 'ed25519' ? bytes.length === 32 : algorithm === 'ecdsap384' && bytes.length === 49;
}
