import { portOf } from '../http.ts';

/** SES with a mailbox in memory. Returns its address. */
export async function startSes(): Promise<string> {
  // Loading it takes longer than all else at the start of a stack, and one with another SES does not need it.
  const { default: ses } = await import('aws-ses-v2-local');
  const server = await ses.default({ host: '127.0.0.1', port: 0 });
  return `http://127.0.0.1:${portOf(server)}`;
}
