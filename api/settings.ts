/** The operator's settings, for `vestibule.config.ts`. */
export { defineSettings, type Settings, type StagedSettings } from '../lib/settings.ts';
