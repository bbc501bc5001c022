/** A time as the command line prints it. RFC 3339. */
export function iso(seconds: number): string {
  return new Date(seconds * 1_000).toISOString();
}
