import * as z from 'zod';

/**
 * What the MCP registry takes of a `server.json` that names a remote server: its schema of 2025-12-11, and what its
 * validators ask for beyond that. Written from their documentation, for the members that we write; no other is allowed.
 */
const https = z.url({ protocol: /^https$/ });
const part = /^[a-zA-Z0-9](?:[a-zA-Z0-9._-]*[a-zA-Z0-9])$/;

const server = z.strictObject({
  $schema: z.literal('https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json'),
  name: z
    .string()
    .min(3)
    .max(200)
    .regex(/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/)
    .refine((name) => name.split('/').every((one) => part.test(one))),
  title: z.string().min(1).max(100).regex(/\S/),
  description: z.string().min(1).max(100),
  version: z
    .string()
    .max(255)
    .refine((version) => version !== 'latest' && !/[\^~<>=*|\s]|\.x\b/.test(version)),
  websiteUrl: https.optional(),
  repository: z
    .union([
      z.strictObject({
        url: z.string().regex(/^https:\/\/github\.com\/[\w.-]+\/[\w.-]+$/),
        source: z.literal('github'),
      }),
      z.strictObject({ url: z.string().regex(/^https:\/\/gitlab\.com(\/[\w.-]+){2,}$/), source: z.literal('gitlab') }),
    ])
    .optional(),
  icons: z
    .array(
      z.strictObject({
        src: https.max(255),
        mimeType: z.enum(['image/png', 'image/jpeg', 'image/jpg', 'image/svg+xml', 'image/webp']),
        sizes: z.array(z.string().regex(/^(\d+x\d+|any)$/)),
      }),
    )
    .optional(),
  remotes: z.tuple([
    z.strictObject({
      type: z.literal('streamable-http'),
      url: https.regex(/^[^\s{}]+$/).refine((url) => !/^https:\/\/(localhost|127\.|\[::1\])/.test(url)),
    }),
  ]),
});

/** The members that the registry would refuse. A server on this machine stands for one with a public address. */
export function refusedBy(file: unknown, { isLocal = false } = {}): readonly string[] {
  const text = JSON.stringify(file);
  const asPublic = isLocal ? text.replaceAll(/http:\/\/localhost:\d+/g, 'https://mcp.example.com') : text;
  const { error } = server.safeParse(JSON.parse(asPublic));
  return [...new Set(error?.issues.map(({ path, message }) => path.join('.') || message) ?? [])];
}
