/** What a subject is: somebody who signs in, or a client of the operator's that acts for itself. */
export const principalKinds = ['person', 'machine'] as const;
export type PrincipalKind = (typeof principalKinds)[number];

const MACHINE = 'machine:';

/** The subject of a client that acts for itself. RFC 9068 §2.2. */
export function machineSubject(clientId: string): string {
  return `${MACHINE}${clientId}`;
}

/** What a subject is. No person's has a colon in it, so that the kinds can never be mistaken for each other. */
export function kindOf(subject: string): PrincipalKind {
  return subject.startsWith(MACHINE) ? 'machine' : 'person';
}
