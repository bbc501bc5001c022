import * as z from 'zod';
import { type Document, type Requirement, read } from './document.ts';
import { resolve, Unmakeable } from './references.ts';

/** How an operation is authorised. OpenAPI 3.1 §4.8.27. */
const schemeShape = z.discriminatedUnion('type', [
  z.object({ type: z.literal('apiKey'), in: z.enum(['query', 'header', 'cookie']), name: z.string() }),
  z.object({ type: z.literal('http'), scheme: z.string() }),
  z.object({ type: z.literal('oauth2') }),
  z.object({ type: z.literal('openIdConnect') }),
  z.object({ type: z.literal('mutualTLS') }),
]);

/** A key by the name that its document gives it. */
export type Key = {
  readonly name: string;
  readonly sent: 'bearer' | 'basic' | { readonly header: string } | { readonly query: string };
  /** True where the document means a token of the person, and all that there is here is one of the operator. */
  readonly isPersonal: boolean;
};

/** The keys that an operation needs, of the first way that can be gone. Throws an Unmakeable if there is none. */
export function keysFor(document: Document, security: readonly Requirement[] = document.security ?? []): Key[] {
  if (security.length === 0) return [];
  const reasons: string[] = [];
  // A way without a key is the last resort: what is left out of it may be what the key is for.
  const ways = security.toSorted((one, other) => Number(isEmpty(one)) - Number(isEmpty(other)));
  for (const way of ways) {
    try {
      return Object.keys(way).map((name) => keyOf(document, name));
    } catch (error) {
      if (!(error instanceof Unmakeable)) throw error;
      reasons.push(error.message);
    }
  }
  throw new Unmakeable(reasons[0] ?? 'it cannot be authorised');
}

function isEmpty(way: Requirement): boolean {
  return Object.keys(way).length === 0;
}

function keyOf(document: Document, name: string): Key {
  const schemes = document.components?.securitySchemes ?? {};
  if (!Object.hasOwn(schemes, name)) throw new Unmakeable(`it asks for ${name}, which the document does not describe`);
  const place = ['components', 'securitySchemes', name];
  const scheme = read(schemeShape, resolve(document, schemes[name]).value, place, document.source);
  switch (scheme.type) {
    case 'apiKey':
      if (scheme.in === 'cookie') throw new Unmakeable('its key goes in a cookie');
      if (scheme.in === 'query') return { name, sent: { query: scheme.name }, isPersonal: false };
      if (!/^[\w!#$%&'*+.^`|~-]+$/.test(scheme.name)) throw new Unmakeable('its key goes in a header without a name');
      return { name, sent: { header: scheme.name }, isPersonal: false };
    case 'http': {
      const kind = scheme.scheme.toLowerCase();
      if (kind === 'bearer' || kind === 'basic') return { name, sent: kind, isPersonal: false };
      throw new Unmakeable(`it is authorised by HTTP ${kind}`);
    }
    case 'oauth2':
    case 'openIdConnect':
      return { name, sent: 'bearer', isPersonal: true };
    case 'mutualTLS':
      throw new Unmakeable('it asks for a certificate of the client');
  }
}
