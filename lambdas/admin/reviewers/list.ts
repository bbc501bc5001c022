import * as z from 'zod/mini';
import { reviewers } from '#core/store/reviewers.ts';
import { iso } from '../iso.ts';
import { type Operation, parsed } from '../operation.ts';

const after = z.optional(z.string().check(z.minLength(1), z.maxLength(100)));
const shape = z.strictObject({ after }, 'The input must be an object');

/** A page of the reviewers. `next` is where the next page starts. */
export async function listReviewers({ input, now }: Operation): Promise<object> {
  const { items, next } = await reviewers(parsed(shape, input).after);
  return {
    reviewers: items.map(({ address, tenant, addedAt, expiresAt }) => ({
      address,
      tenant,
      added_at: iso(addedAt),
      expires_at: iso(expiresAt),
      is_expired: expiresAt <= now,
    })),
    next,
  };
}
