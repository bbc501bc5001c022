import type { Check } from './check.ts';
import { byHand } from './checks/by-hand.ts';
import { cardChecks } from './checks/card.ts';
import { linkChecks } from './checks/links.ts';
import { registryChecks } from './checks/registry.ts';
import { sampleChecks } from './checks/samples.ts';
import { serverChecks } from './checks/server.ts';
import { textChecks } from './checks/texts.ts';
import { toolChecks } from './checks/tools.ts';
import { widgetChecks } from './checks/widgets.ts';

/** All checks, in the order in which they are told. */
export const checks: readonly Check[] = [
  ...[
    serverChecks,
    textChecks,
    registryChecks,
    linkChecks,
    cardChecks,
    toolChecks,
    widgetChecks,
    sampleChecks,
    byHand,
  ].flat(),
];
