import { defineSettings } from './lib/settings.ts';

/** Your settings. Every key, its default and what it allows stand in `lib/settings.ts`. */
export const settings = defineSettings({
  name: 'Vestibule',
  sender: 'sign-in@vestibule.example',
});
