import * as z from 'zod/mini';
import { canonicalAddress, canonicalDomain } from '#core/mail/email-address.ts';
import { roles } from '#core/oauth/permission.ts';
import { shownName } from '#core/oauth/shown-text.ts';

/** Nothing that is not seen, for it makes a name look like another. */
export const visible = z.refine<string>(
  (name) => shownName(name) === name,
  'The name must be 1 to 200 characters, none of them invisible',
);

/** The id of a tenant that should be there. */
export const tenantId = z.string('Which tenant? Give its id').check(z.minLength(1), z.maxLength(100));

/** What somebody is in their tenant. */
export const role = z.enum(roles, `The role must be one of ${roles.join(', ')}`);

/** An address, in the form under which its person is found. */
export const address = canonical(canonicalAddress, 'an email address that mail can be sent to');

/** A domain of addresses, in its ASCII form. */
export const domain = canonical(canonicalDomain, 'a domain, such as example.com');

function canonical(form: (typed: string) => string | undefined, what: string) {
  return z.pipe(
    z.string(`Give ${what}`),
    z.transform((typed, { issues }) => {
      const value = form(typed);
      if (value !== undefined) return value;
      issues.push({ code: 'custom', input: typed, message: `${typed} is not ${what}` });
      return z.NEVER;
    }),
  );
}
