import { deployable } from 'vestibule-mcp/cdk';
import { settings } from './vestibule.config.ts';

await deployable({ settings, tools: new URL('tools/index.ts', import.meta.url) });
