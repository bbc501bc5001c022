/**
 * The value of an environment variable that this Lambda cannot do without.
 * Called while a module loads, so that a missing variable stops the Lambda at its start. Throws when it is unset or empty.
 */
export function env(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`The environment variable ${name} is not set`);
  return value;
}

/** The value of an environment variable that may be left unset. */
export function optionalEnv(name: string): string {
  return process.env[name] ?? '';
}
