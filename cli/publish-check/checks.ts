import type { Check } from './check.ts';
import { byHand } from './checks/by-hand.ts';
import { cardChecks } from './checks/card.ts';
import { changeChecks } from './checks/changes.ts';
import { inputChecks } from './checks/inputs.ts';
import { instructionChecks } from './checks/instructions.ts';
import { linkChecks } from './checks/links.ts';
import { metaChecks } from './checks/meta.ts';
import { registryChecks } from './checks/registry.ts';
import { sampleChecks } from './checks/samples.ts';
import { serverChecks } from './checks/server.ts';
import { textChecks } from './checks/texts.ts';
import { toolListChecks } from './checks/tool-list.ts';
import { toolChecks } from './checks/tools.ts';
import { widgetChecks } from './checks/widgets.ts';
import { wordingChecks } from './checks/wording.ts';

/** All checks, in the order in which they are told. */
export const checks: readonly Check[] = [
  ...[
    serverChecks,
    textChecks,
    registryChecks,
    linkChecks,
    cardChecks,
    toolChecks,
    inputChecks,
    wordingChecks,
    toolListChecks,
    instructionChecks,
    metaChecks,
    changeChecks,
    widgetChecks,
    sampleChecks,
    byHand,
  ].flat(),
];
