import { packs as inUse } from '#generated';
import { packs } from '#tools/index.ts';

const served = inUse.flatMap((name) => packs[name] ?? []);

/** How to work with them as a whole, for models. MCP 2026-07-28, `server/discover`. */
export const instructions = served.flatMap((pack) => pack.instructions ?? []).join('\n\n');

/** The tools, resources and prompts of the packs that are on. */
export const tools = served.flatMap((pack) => pack.tools);
export const resources = served.flatMap((pack) => pack.resources ?? []);
export const prompts = served.flatMap((pack) => pack.prompts ?? []);
