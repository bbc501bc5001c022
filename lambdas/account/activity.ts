import type { Request } from '#core/http/request.ts';
import type { Response } from '#core/http/response.ts';
import { callsOf } from './calls.ts';
import { registrationsOf } from './connections.ts';
import { connectionIn } from './disconnect.ts';
import { activityPage } from './pages/activity-page.ts';
import { placeIn } from './trail.ts';
import type { Visitor } from './visitor.ts';

/** Shows what apps did as a person: one app under one connection, or all of them. */
export async function showActivity(visitor: Visitor, request: Request): Promise<Response> {
  const connection = connectionIn(request.query.get('connection'));
  const before = placeIn(request.query.get('before'));
  const found = await callsOf(visitor, { connection, before }, request);
  const clients = await registrationsOf(
    found.calls.map(({ clientId }) => clientId),
    request.now,
  );
  return activityPage({ visitor, connection, clients, ...found });
}
