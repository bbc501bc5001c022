import { defineSettings } from 'vestibule-mcp/settings';

/** Your settings. node_modules/vestibule-mcp/lib/settings.js has every key, its default and what it allows. */
export const settings = defineSettings({
  name: '{{name}}',
  stackName: '{{stack}}',
  /** Sign-in codes come from this address. It must be yours before you deploy; on your machine, any address works. */
  sender: '{{sender}}',
});
