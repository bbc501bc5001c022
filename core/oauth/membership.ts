import type { Role } from './permission.ts';

/** What the settings make of the groups, or roles, that a provider says somebody has. */
export type Groups = {
  /** The claim of the ID token that names them. */
  readonly claim: string;
  /** The first that names one of theirs counts. */
  readonly rules: readonly (Membership & { readonly value: string })[];
  /** For people whom no rule fits: refuse the sign-in, or allow it as a member of the tenant that they are in anyway. */
  readonly others: 'refuse' | 'allow';
};

/** Where somebody belongs, and what they are there. */
export type Membership = { readonly tenant: string; readonly role: Role };

/**
 * Says where somebody belongs by their groups. `none` where no rule names one of them. Groups that the provider left out
 * are not taken for none: who has too many of them would lose what they have, or be let in where a group keeps people out.
 */
export function membershipOf(
  { claim, rules }: Pick<Groups, 'claim' | 'rules'>,
  claims: Readonly<Record<string, unknown>>,
): Membership | 'none' | { readonly refusal: string } {
  const named = Object.hasOwn(claims, claim) ? claims[claim] : undefined;
  if (named === undefined || named === null)
    return isLeftOut(claim, claims)
      ? {
          refusal: `Entra left ${claim} out of the ID token, as the person is in too many groups: send only groups assigned to the application, or use app roles (claim roles)`,
        }
      : 'none';
  const values = [named].flat();
  if (!values.every((value) => typeof value === 'string'))
    return { refusal: `the claim ${claim} is neither a text nor a list of texts` };
  const rule = rules.find(({ value }) => values.includes(value));
  return rule === undefined ? 'none' : { tenant: rule.tenant, role: rule.role };
}

/** Of more than 200 groups, Entra says no more than that there are some, and where to ask. */
function isLeftOut(claim: string, { hasgroups, _claim_names: elsewhere }: Readonly<Record<string, unknown>>): boolean {
  const isElsewhere = typeof elsewhere === 'object' && elsewhere !== null && Object.hasOwn(elsewhere, claim);
  return isElsewhere || (claim === 'groups' && (hasgroups === true || hasgroups === 'true'));
}
