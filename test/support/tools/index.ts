import type { Pack } from '../../../tools/pack.ts';
import whoami from '../../../tools/profile/whoami.ts';
import {
  aboutNotes,
  everyNote,
  listNotes,
  note,
  noteIfAgreed,
  noteMany,
  noteManyIfAgreed,
  noteStepwise,
  oneNote,
} from './notes.ts';
import {
  adminFile,
  adminFiles,
  adminPrompt,
  computeAtLength,
  endlessFiles,
  endlessPrompt,
  endWithProcess,
  forAdmins,
  sayHello,
} from './other.ts';
import { reachOut, reachOutIfAgreed } from './reach.ts';

export { scopes } from '../../../tools/scopes.ts';

/** Tools that do what the tools of the product do not, in place of those. */
export const packs: Readonly<Record<string, Pack>> = {
  notes: {
    tools: [listNotes, note, noteMany, noteIfAgreed, noteManyIfAgreed, noteStepwise],
    resources: [everyNote, oneNote],
    prompts: [aboutNotes],
    items: { ofPerson: ['NOTE#'] },
  },
  others: {
    tools: [sayHello, computeAtLength, endWithProcess, forAdmins, reachOut, reachOutIfAgreed, whoami],
    resources: [adminFile, adminFiles, endlessFiles],
    prompts: [adminPrompt, endlessPrompt],
  },
};
