import { deployable } from '../lib/deployable.ts';
import { settings } from '../vestibule.config.ts';

await deployable({ settings });
