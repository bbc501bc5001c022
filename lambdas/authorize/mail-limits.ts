import type { Request } from '#core/http/request.ts';
import { networksOf } from '#core/http/source.ts';
import type { Windows } from '#core/limits.ts';
import { networkRates } from '#core/network-rates.ts';
import { codesFor, codesForFrom, mailsToNewAddress } from '#core/person-rates.ts';
import { type Counted, countWith, type Rate } from '#core/store/rates.ts';
import { strangerMails } from '#core/store/stranger-mails.ts';
import type { Write } from '#core/store/table.ts';

/** What a network may ask for of an address before others' requests for that address count. */
const FIRST_MAILS = 2;
/** How many newcomers a network may bring before it can only use half of what is left for everybody. */
const FIRST_STRANGERS = 3;

/** Whom a mail would go to: somebody known here, somebody else, or nobody, because no mail may go to the address. */
export type Recipient = 'known' | 'stranger' | 'nobody';

export type MailAsked = {
  readonly addressHash: string;
  readonly recipient: Recipient;
  /** The session of a browser that has signed in as this address. */
  readonly ownSession: string | undefined;
};

/**
 * Counts a request for a mail and makes a write with it, in the first way that has room. Of strangers' mail, what goes
 * beyond its budget is not sent; nothing else tells that, so the request passes or fails as anybody's would.
 */
export async function countMail(
  asked: MailAsked,
  write: Write,
  request: Request,
): Promise<Counted & { readonly isMailed: boolean }> {
  let counted: Counted = { done: false };
  for (const gate of gatesFor(asked, request)) {
    for (const { rates, isMailed } of budgetsFor(asked, request)) {
      counted = await countWith([...gate, ...rates], write, request.now);
      if (!counted.full) return { ...counted, isMailed: counted.done && isMailed };
      if (gate.includes(counted.full)) break;
    }
  }
  return { ...counted, isMailed: false };
}

/**
 * What decides whether a request passes, the same for every address. The first requests of a network count for that
 * network alone: whatever others have asked for, somebody who comes from elsewhere is not shut out. Neither is a browser
 * that has signed in as the address, wherever it is.
 */
function gatesFor({ addressHash, ownSession }: MailAsked, request: Request): readonly (readonly Rate[])[] {
  if (ownSession !== undefined) return [[codesFor(addressHash, ownSession)]];
  const fromNetwork = networkRates('mailsPerIp', request);
  const ofThisAddress = toAddress(addressHash, request);
  return [
    [...fromNetwork, ...firstOf(ofThisAddress, FIRST_MAILS)],
    [...fromNetwork, ...ofThisAddress.map(({ rate }) => rate), codesFor(addressHash)],
  ];
}

/** A rate of a network, and how many times the limit of a host it has. */
type OfNetwork = { readonly rate: Rate; readonly factor: number };

function toAddress(addressHash: string, request: Request): readonly OfNetwork[] {
  return withFactors(codesForFrom(addressHash, request), request);
}

function ofNewcomers(request: Request): readonly OfNetwork[] {
  return withFactors(networkRates('mailsToStrangersPerNetwork', request), request);
}

function withFactors(rates: readonly Rate[], request: Request): readonly OfNetwork[] {
  return networksOf(request).flatMap(({ factor }, at) => {
    const rate = rates[at];
    return rate ? [{ rate, factor }] : [];
  });
}

/** No more than the first few of a network. A wide one has more of them, but not as many times more as it has hosts. */
function firstOf(all: readonly OfNetwork[], most: number): readonly Rate[] {
  return all.map(({ rate, factor }) => ({ ...rate, windows: atMost(rate.windows, most * Math.sqrt(factor)) }));
}

type Budget = { readonly rates: readonly Rate[]; readonly isMailed: boolean };

/** From what a mail may be paid, the best first. Somebody known always gets theirs. */
function budgetsFor({ addressHash, recipient }: MailAsked, request: Request): readonly Budget[] {
  if (recipient === 'known') return [{ rates: [], isMailed: true }];
  const unsent = { rates: [], isMailed: false };
  if (recipient === 'nobody') return [unsent];
  const sent = mailsToNewAddress(addressHash);
  const all = strangerMails(addressHash);
  const fromNetwork = ofNewcomers(request);
  const general = fromNetwork.map(({ rate }) => rate);
  return [
    { rates: [sent, all, ...firstOf(fromNetwork, FIRST_STRANGERS)], isMailed: true },
    { rates: [sent, { ...all, windows: halved(all.windows) }, ...general], isMailed: true },
    unsent,
  ];
}

function atMost(windows: Windows, most: number): Windows {
  return Object.fromEntries(Object.entries(windows).map(([window, limit]) => [window, Math.min(limit, most)]));
}

function halved(windows: Windows): Windows {
  return Object.fromEntries(Object.entries(windows).map(([window, limit]) => [window, Math.ceil(limit / 2)]));
}
