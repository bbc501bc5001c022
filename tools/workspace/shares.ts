/** How many bytes of a document count for whom. Together they are all of its bytes. */
export type Shares = Readonly<Record<string, number>>;

/** As many as are kept with a document: one more takes over the smallest. */
const MOST_SHARES = 20;

type Changed = { readonly subject: string; readonly author: string; readonly bytes: number };

/**
 * The shares after somebody made a document longer or shorter. What they add is theirs, so that nobody uses up what
 * others may keep. What they take away is first their own, then the author's, then the others': each gets back what
 * counted for them.
 */
export function changedShares(shares: Shares, { subject, author, bytes }: Changed): Shares {
  const next = new Map(Object.entries(shares));
  if (bytes > 0) {
    const [smallest = subject] = next.has(subject) || next.size < MOST_SHARES ? [] : [smallestOf(next)];
    const share = bytes + (next.get(smallest) ?? 0);
    next.delete(smallest);
    next.set(subject, share);
  }
  let left = Math.max(0, -bytes);
  for (const owner of [subject, author, ...Object.keys(shares)]) {
    const share = next.get(owner) ?? 0;
    const taken = Math.min(share, left);
    next.set(owner, share - taken);
    left -= taken;
  }
  return Object.fromEntries([...next].filter(([, share]) => share > 0));
}

function smallestOf(shares: ReadonlyMap<string, number>): string {
  const least = Math.min(...shares.values());
  const [subject = ''] = [...shares].find(([, share]) => share === least) ?? [];
  return subject;
}

/** What the shares of each person have grown by, where they have changed. */
export function differences(before: Shares, after: Shares): readonly (readonly [subject: string, bytes: number])[] {
  const subjects = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const grown = subjects.map((subject) => [subject, (after[subject] ?? 0) - (before[subject] ?? 0)] as const);
  return grown.filter(([, bytes]) => bytes !== 0);
}
