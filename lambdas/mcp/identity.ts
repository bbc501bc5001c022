import type { Implementation } from '@modelcontextprotocol/server';
import { mcpOrigin } from '#core/issuer.ts';
import { listingPaths as paths } from '#core/routes.ts';
import { listed, name } from '#generated';

/** What this server says of itself: what the server card says, where it is listed. MCP 2026-07-28, `server/discover`. */
export const identity: Implementation = listed
  ? {
      name: listed.name,
      version: listed.version,
      title: listed.title,
      description: listed.description,
      ...(listed.website !== undefined && { websiteUrl: listed.website }),
      ...(listed.iconSide !== undefined && { icons: iconOf(listed.iconSide) }),
    }
  : { name: name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'), title: name, version: '0.1.0' };

function iconOf(side: number) {
  return [{ src: `${mcpOrigin}${paths.icon}`, mimeType: 'image/png', sizes: [`${side}x${side}`] }];
}
