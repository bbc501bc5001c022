import type { Pack } from 'vestibule-mcp';
import proverbOfTheDay from './proverb-of-the-day.ts';

export { scopes } from './scopes.ts';

/** What this server offers. Add `...packs` from `vestibule-mcp/packs` to have the packs that come with Vestibule too. */
export const packs: Readonly<Record<string, Pack>> = { proverbs: { tools: [proverbOfTheDay] } };
