import type { Pack } from 'vestibule-mcp';
import rollDice from './roll-dice.ts';

export { scopes } from './scopes.ts';

/** What this server offers. Settings turn packs on and off: `tools: { packs: ['dice'] }`. */
export const packs: Readonly<Record<string, Pack>> = {
  dice: { tools: [rollDice] },
};
