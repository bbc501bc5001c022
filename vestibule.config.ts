import { defineSettings } from './lib/settings.ts';

/** Your settings. `lib/settings.ts` has every key, its default and what it allows. */
export const settings = defineSettings({
  name: 'Vestibule',
  sender: 'sign-in@vestibule.example',
});
