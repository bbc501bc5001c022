/** The packs of tools that come with Vestibule, and what their scopes allow. */
export { packs, scopes } from '../tools/index.ts';
