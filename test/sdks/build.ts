/**
 * Builds the programs of all languages that this machine has, so that `npm run test:sdks` finds them built. What fails is
 * left for its tests to say.
 */
import { missing } from '../support/machine.ts';
import { go, java, python, rust } from './languages.ts';

for (const { tools, build } of [python, java, go, rust]) if (!missing(tools)) await build().catch(() => undefined);
