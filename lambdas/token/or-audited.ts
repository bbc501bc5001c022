import type { Request } from '#core/http/request.ts';
import { OAuthError } from '#core/oauth/error.ts';
import type { Principal } from '#core/oauth/types.ts';
import { record } from '#core/record.ts';
import { audited } from '#core/store/audit.ts';

type Concerned = Principal & { readonly clientId: string; readonly grantId: string };

/**
 * Decides about a genuine code or token, and leaves an audit item when it is refused: to another client, for another
 * resource, with another verifier, or beyond what was granted. What is made up leaves none.
 */
export async function orAudited<T>(concerned: Concerned, { nowMilliseconds }: Request, decide: () => T): Promise<T> {
  try {
    return decide();
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    const { clientId, grantId } = concerned;
    const reason = typeof error.cause === 'string' ? error.cause : error.message;
    await record([audited(concerned, { event: 'refusal', clientId, grantId, reason }, nowMilliseconds)]);
    throw error;
  }
}
