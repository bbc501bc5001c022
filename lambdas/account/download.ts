import { parameter } from '#core/http/parameters.ts';
import type { Request } from '#core/http/request.ts';
import type { Response } from '#core/http/response.ts';
import { issuer } from '#core/issuer.ts';
import { record } from '#core/record.ts';
import { paths } from '#core/routes.ts';
import { audited } from '#core/store/audit.ts';
import { asJson, beginning, exportPart } from './export.ts';
import { dataPage } from './pages/data-page.ts';
import { expired, outdated } from './refusals.ts';
import { type Posted, requireVisitor, type Visitor } from './visitor.ts';

const PLACE = /^[a-z_]{1,30}\d{0,3}(\.[\w-]{1,1400})?$/;

/** Shows the page to download one's data, from the beginning or from where the last file ended. */
export async function showData(visitor: Visitor, request: Request): Promise<Response> {
  return dataPage(visitor, PLACE.exec(request.query.get('part') ?? '')?.[0]);
}

/** Gives people a file with their data, without secrets. It names the next file if there is more. */
export async function downloadData({ visitor, sent }: Posted, request: Request): Promise<Response> {
  const { words, person, address } = visitor;
  const place = parameter(sent, 'part') ?? beginning;
  const part = PLACE.test(place) ? await exportPart(visitor, place, request) : undefined;
  if (!part) return outdated(words);
  const from = place.split('.', 1)[0] ?? '';
  const { done } = await record([
    audited(person, { event: 'data_download', part: from }, request.nowMilliseconds),
    ...requireVisitor(visitor),
  ]);
  if (!done) return expired(words);
  const { subject, tenant, role = 'member', createdAt, language } = person;
  const file = {
    server: issuer,
    made_at: new Date(request.nowMilliseconds).toISOString(),
    account: { address, subject, tenant, role, language, created_at: new Date(createdAt * 1_000).toISOString() },
    ...part.lists,
    next: part.next && `${issuer}${paths.accountData}?part=${part.next}`,
  };
  return {
    status: 200,
    headers: {
      'content-type': 'application/json',
      'content-disposition': 'attachment; filename="account-data.json"',
    },
    body: Buffer.from(JSON.stringify(file, asJson, 2)).toString('base64'),
    isBase64: true,
  };
}
