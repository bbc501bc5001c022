import ses from 'aws-ses-v2-local';
import { portOf } from '../http.ts';

/** SES with a mailbox in memory. Returns its address. */
export async function startSes(): Promise<string> {
  const server = await ses.default({ host: '127.0.0.1', port: 0 });
  return `http://127.0.0.1:${portOf(server)}`;
}
