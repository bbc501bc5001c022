import { NotChecked } from '../../doctor/check.ts';
import type { Widget } from '../../shared/mcp.ts';
import type { Check } from '../check.ts';
import { mustBeNone } from '../require.ts';
import type { Seen } from '../seen.ts';

/** Where a page may reach, in the words of MCP Apps and in ChatGPT's own. */
const ofOrigins = /(domains|_domains)$/i;

/** The pages that clients show beside results. MCP Apps; OpenAI Apps SDK, Reference; Claude, Review criteria. */
export const widgetChecks: readonly Check[] = [
  {
    name: 'pages of tools',
    lists: ['openai', 'anthropic'],
    remedy: 'Serve the resource that the tool names in _meta.ui.resourceUri, to everybody who may call the tool.',
    judge: (seen) => {
      const widgets = widgetsIn(seen);
      mustBeNone(widgets.flatMap(({ uri, read }) => ('failure' in read ? [`${uri}: ${read.failure}`] : [])));
      return `${widgets.length}`;
    },
  },
  {
    name: 'what pages may reach',
    lists: ['openai', 'anthropic'],
    remedy:
      'Say in _meta.ui.csp of the resource which origins the page needs, each by name with https, or an empty list: no ' +
      'wildcards, and nothing of this machine.',
    judge: (seen) => {
      mustBeNone(widgetsIn(seen).flatMap((widget) => reachOf(widget) ?? []));
      return undefined;
    },
  },
  {
    name: 'domain of pages',
    lists: ['openai'],
    remedy:
      'Before you submit them to ChatGPT, set openai/widgetDomain in _meta of each resource to an origin of yours.',
    judge: (seen) => {
      const without = widgetsIn(seen).find(({ read }) => 'meta' in read && !('openai/widgetDomain' in read.meta));
      if (without) throw new NotChecked(`${without.uri} names no openai/widgetDomain, which ChatGPT asks for`);
      return undefined;
    },
  },
];

function widgetsIn({ widgets }: Seen): readonly Widget[] {
  if (!widgets) throw new NotChecked('needs the sign-in');
  return widgets;
}

/** What is wrong with where a page may reach. */
function reachOf({ uri, read }: Widget): string | undefined {
  if ('failure' in read) return undefined;
  const csp = cspIn(read.meta);
  if (!csp) return `${uri} does not say it`;
  const origins = Object.entries(csp).flatMap(([name, list]) =>
    ofOrigins.test(name) && Array.isArray(list) ? list.map(String) : [],
  );
  const wrong = origins.find((origin) => !isPublicOrigin(origin));
  return wrong === undefined ? undefined : `${uri} may reach ${wrong}`;
}

function cspIn(meta: Readonly<Record<string, unknown>>): object | undefined {
  const { ui } = meta;
  const named = typeof ui === 'object' && ui !== null && 'csp' in ui ? ui.csp : meta['openai/widgetCSP'];
  return typeof named === 'object' && named !== null ? named : undefined;
}

/** True for an https origin, by its name alone, that is not on this machine. */
function isPublicOrigin(text: string): boolean {
  if (text.includes('*') || !URL.canParse(text)) return false;
  const { protocol, origin, hostname } = new URL(text);
  return protocol === 'https:' && text.replace(/\/$/, '') === origin && !/(^|\.)localhost$|^127\./.test(hostname);
}
