import { defineSettings } from 'vestibule-mcp/settings';

/** Your settings. Every key, its default and what it allows: node_modules/vestibule-mcp/lib/settings.js. */
export const settings = defineSettings({
  name: '{{name}}',
  stackName: '{{stack}}',
  /** Sign-in codes come from this address. It has to be yours before you deploy; on this machine any will do. */
  sender: '{{sender}}',
});
