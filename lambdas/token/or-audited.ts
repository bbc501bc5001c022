import type { Request } from '#core/http/request.ts';
import { OAuthError } from '#core/oauth/error.ts';
import type { Principal } from '#core/oauth/types.ts';
import { recordSparingly } from '#core/record-sparingly.ts';
import { audited } from '#core/store/audit.ts';

type Concerned = Principal & { readonly clientId: string; readonly grantId: string };

/**
 * Decides about a genuine code or token, and leaves an audit item when it is refused: to another client, for another
 * resource, with another verifier, or beyond what was granted. What is made up leaves none, and no grant too many.
 */
export async function orAudited<T>(concerned: Concerned, request: Request, decide: () => T): Promise<T> {
  try {
    return decide();
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    const { clientId, grantId } = concerned;
    const reason = typeof error.cause === 'string' ? error.cause : error.message;
    const item = audited(concerned, { event: 'refusal', clientId, grantId, reason }, request.nowMilliseconds);
    await recordSparingly('refusalsPerGrant', grantId, item, request);
    throw error;
  }
}
