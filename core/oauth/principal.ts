/**
 * What a subject is: somebody who signs in, a client of the operator's that acts for itself, or a program that a trusted
 * issuer vouches for.
 */
export const principalKinds = ['person', 'machine', 'workload'] as const;
export type PrincipalKind = (typeof principalKinds)[number];

const MACHINE = 'machine:';
const WORKLOAD = 'workload:';
const TRUST = 'trust:';

/** The subject of a client that acts for itself. RFC 9068 §2.2. */
export function machineSubject(clientId: string): string {
  return `${MACHINE}${clientId}`;
}

/** The subject of a program that comes under a trust: `name` is what its issuer calls it, as a hash. */
export function workloadSubject(trustId: string, name: string): string {
  return `${WORKLOAD}${trustId}.${name}`;
}

/** What stands for a trust where a person's profile would: whether it is disabled, and its era. */
export function trustSubject(trustId: string): string {
  return `${TRUST}${trustId}`;
}

/** Whose profile decides about a subject: its own, or of a workload that of its trust. */
export function holderOf(subject: string): string {
  return subject.replace(/^workload:([^.]*).*/, 'trust:$1');
}

/** What a subject is. No person's has a colon in it, so that the kinds can never be mistaken for each other. */
export function kindOf(subject: string): PrincipalKind {
  if (subject.startsWith(MACHINE)) return 'machine';
  return subject.startsWith(WORKLOAD) ? 'workload' : 'person';
}
