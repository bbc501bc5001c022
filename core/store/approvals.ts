import { sha256 } from '#core/oauth/digest.ts';
import { addressLookup } from './people.ts';
import { ALWAYS, type Key, type Lookup, type Write } from './table.ts';

/** That a person has approved a client before: when, for which scopes, and in which era of theirs. */
export type Approval = { readonly era?: number; readonly approvedAt?: number; readonly scopes?: readonly string[] };

/** Where the approval of a client by the person of an address is. */
export function approvalLookup(address: string, clientId: string): Key & Lookup<Approval> {
  return { pk: addressLookup(sha256(address)).pk, sk: `CLIENT#${sha256(clientId)}` };
}

type Approved = {
  readonly address: string;
  readonly clientId: string;
  readonly era: number | undefined;
  readonly at: number;
  readonly scopes: readonly string[];
};

/** Remembers that a client was approved, for as long as what it was given may live. */
export function approved({ address, clientId, era = 0, at, scopes }: Approved, until: number): Write {
  return {
    ...approvalLookup(address, clientId),
    change: 'SET era = :era, approvedAt = :at, scopes = :scopes, #ttl = :ttl',
    condition: ALWAYS,
    values: { ':era': era, ':at': at, ':scopes': scopes, ':ttl': until },
  };
}

/** Forgets that a client was approved, so that its person hears of it when it is connected again. */
export function forgottenApproval(address: string, clientId: string): Write {
  const { pk, sk } = approvalLookup(address, clientId);
  return { pk, sk, remove: true, condition: ALWAYS };
}

/** True if a client was approved in this era: what somebody else approved before everything was ended is forgotten. */
export function isApproved(approval: Approval | undefined, era = 0): boolean {
  return approval !== undefined && (approval.era ?? 0) === era;
}
