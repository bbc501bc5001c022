import { post } from './post.ts';

/** A token endpoint, and what callers have of it: each has connected a client of its own, or as a person of its own. */
export type Refreshed = {
  readonly url: string;
  readonly resource: string;
  readonly connections: readonly { readonly clientId: string; readonly refreshToken: string }[];
};

/** Makes what a caller does again and again: it spends its refresh token, and keeps the one that it is given for it. */
export function refreshing({ url, resource, connections }: Refreshed): (at: number, caller: number) => Promise<void> {
  const newest = connections.map(({ refreshToken }) => refreshToken);
  return async (_, caller) => {
    const form = { grant_type: 'refresh_token', client_id: connections[caller]?.clientId ?? '', resource };
    const body = String(new URLSearchParams({ ...form, refresh_token: newest[caller] ?? '' }));
    const answer = await post({ url, type: 'application/x-www-form-urlencoded', body });
    const { refresh_token: next } = JSON.parse(answer) as { readonly refresh_token?: string };
    if (next === undefined || next === newest[caller]) throw new Error(`${url} does not rotate refresh tokens`);
    newest[caller] = next;
  };
}
