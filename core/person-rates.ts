import { limits } from '#generated';
import type { Request } from './http/request.ts';
import { networksOf, times } from './http/source.ts';
import type { Rate } from './store/rates.ts';

/** Requests for a code for an address, wherever they come from; those of a browser that has signed in as it count apart. */
export function codesFor(addressHash: string, ownSession?: string): Rate {
  const subject = ownSession === undefined ? addressHash : `${addressHash}#${ownSession}`;
  return { limit: 'mailsPerAddress', subject, windows: limits.mailsPerAddress };
}

/** Mails to an address that nobody has signed in with. */
export function mailsToNewAddress(addressHash: string): Rate {
  return { limit: 'mailsPerAddress', subject: `${addressHash}#sent`, windows: limits.mailsPerAddress };
}

/** Requests for a code for an address that come from these networks. The narrowest is the first. */
export function codesForFrom(addressHash: string, request: Pick<Request, 'sourceIp'>): readonly Rate[] {
  return networksOf(request).map(({ name, factor }) => ({
    limit: 'mailsPerAddressAndNetwork',
    subject: `${addressHash}#${name}`,
    windows: times(limits.mailsPerAddressAndNetwork, factor),
  }));
}

/** Mails that tell a person something. */
export function noticesTo(subject: string): Rate {
  return { limit: 'noticesPerPerson', subject, windows: limits.noticesPerPerson };
}

/** Approvals of clients by a person. */
export function approvalsBy(subject: string): Rate {
  return { limit: 'grantsPerPerson', subject, windows: limits.grantsPerPerson };
}

/** Pages and changes of a person's account: in one browser, so that somebody in another keeps nobody from ending that. */
export function accountRequestsOf(subject: string, session: string, weight = 1): Rate {
  const { accountRequestsPerPerson: windows } = limits;
  return { limit: 'accountRequestsPerPerson', subject: `${subject}#${session}`, windows, weight };
}

/** Calls of the MCP endpoint by a person. */
export function callsOf(subject: string, weight = 1): Rate {
  return { limit: 'callsPerPerson', subject, part: 'p', windows: limits.callsPerPerson, weight };
}

/** Calls under a grant: in the item of its person, so that one write counts both. */
export function callsUnder({ subject, id }: { readonly subject: string; readonly id: string }): Rate {
  const part = `g${id
    .replace(/^.*[~_]/, '')
    .replaceAll('-', '')
    .slice(0, 8)}`;
  return { limit: 'callsPerGrant', within: 'callsPerPerson', subject, part, windows: limits.callsPerGrant };
}
