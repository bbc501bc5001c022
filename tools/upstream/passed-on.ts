import * as z from 'zod';

const annotations = z
  .object({
    audience: z.array(z.enum(['user', 'assistant'])),
    priority: z.number().min(0).max(1),
    lastModified: z.string(),
  })
  .partial()
  .optional();
const mimeType = z.string().optional();
const described = { name: z.string(), title: z.string().optional(), description: z.string().optional(), mimeType };
const ofResource = z.union([
  z.object({ uri: z.string(), mimeType, text: z.string() }),
  z.object({ uri: z.string(), mimeType, blob: z.base64() }),
]);

/** Each form of content that a tool may answer with. What else there is beside it, such as `_meta`, is left out. */
const block = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string(), annotations }),
  z.object({ type: z.literal('image'), data: z.base64(), mimeType: z.string(), annotations }),
  z.object({ type: z.literal('audio'), data: z.base64(), mimeType: z.string(), annotations }),
  z.object({ type: z.literal('resource'), resource: ofResource, annotations }),
  z.object({ type: z.literal('resource_link'), uri: z.string(), ...described, annotations }),
]);

/** What the tool of a server of others gives, as it goes on to the client. MCP 2026-07-28, Tools. */
export const passedOn = z.object({
  content: z.array(block).default([]),
  // What is no object here clients of some revisions refuse: its text says the same.
  structuredContent: z.record(z.string(), z.unknown()).optional().catch(undefined),
});

export type PassedOn = z.output<typeof passedOn>;

/** A result as a server gives it. */
export const serverResult = passedOn.extend({ isError: z.boolean().optional() });
