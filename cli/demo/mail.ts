import { wire } from '../shared/wire.ts';

type Mail = { readonly id: string; readonly to: string; readonly subject: string };

/** Each call gives the codes that were mailed since the one before. The subject of a sign-in mail begins with its code. */
export function newCodes(issuer: string): () => Promise<readonly { readonly to: string; readonly code: string }[]> {
  const known = new Set<string>();
  return async () => {
    const response = await wire(`${issuer}/local/mailbox`, { headers: { accept: 'application/json' } });
    const mails = ((await response.json()) as readonly Mail[]).filter(({ id }) => !known.has(id));
    for (const { id } of mails) known.add(id);
    return mails.flatMap(({ to, subject }) => {
      const [code] = /^[A-Z0-9]{4}-?[A-Z0-9]{4}(?= )/.exec(subject) ?? [];
      return code === undefined ? [] : [{ to, code }];
    });
  };
}
