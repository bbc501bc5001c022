import { packs as inUse } from '#generated';
import { packs } from '#tools/index.ts';

const served = inUse.flatMap((name) => packs[name] ?? []);

/** The tools, resources and prompts of the packs that are on. */
export const tools = served.flatMap((pack) => pack.tools);
export const resources = served.flatMap((pack) => pack.resources ?? []);
export const prompts = served.flatMap((pack) => pack.prompts ?? []);
