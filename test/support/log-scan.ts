import { appendFileSync } from 'node:fs';
import { settings } from '../../vestibule.config.ts';

/** What must be in no line that a Lambda logs, by what it looks like. */
const secrets: Readonly<Record<string, RegExp>> = {
  'a code by mail':
    /(?<![\w+/=-])(?:(?=[A-Z]*\d)(?=\d*[A-Z])[2-9A-HJKMNP-Z]{8}|[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4})(?![\w+/=-])/g,
  'a signed token': /\beyJ[\w-]{8,}\.[\w-]{8,}/g,
  'a refresh token': /[\w~-]{20,}\.\d+\.[\w-]{20,}\.[\w-]{20,}/g,
  'a header that authorizes': /\b(Bearer|Basic) (?!error|realm|scope|resource)[\w+/=.~-]{16,}/gi,
  'a cookie': /\b(signin-[\w]+|session)=[\w-]{16,}/g,
  'an authorization code': /\bcode["']?[=:]\s*["']?(?=[\w~-]*\d)[\w~-]{16,}/g,
  'a secret parameter':
    /\b(code_verifier|client_secret|client_assertion|refresh_token|access_token|registration_access_token|form_token)["']?[=:]\s*["']?[\w.~-]{12,}/g,
  'an e-mail address': /[^\s"'<>(){}[\],:;=\\]+(?:@|%40)[\w-]+(?:\.[\w-]+)+/gi,
};

/** A line of a Lambda in what the local runner prints. */
const LAMBDA_LINE = /^(\w+) │ (.*)$/;

/** Something that a Lambda logged: its name, and what must not be there. */
export type Logged = { readonly name: string; readonly secret?: string; readonly line?: string };

/** What must not be in a line of a Lambda. */
export function secretsIn(line: string): string[] {
  return Object.entries(secrets).flatMap(([secret, looks]) => {
    const found = [...line.matchAll(looks)].map(([text]) => text).filter((text) => text !== settings.sender);
    return found.length > 0 ? [secret] : [];
  });
}

/** Reads what a runner prints, line by line, and notes each Lambda that logged and each secret in the file `LOG_SCAN`. */
export function logScan(): (chunk: Buffer) => void {
  const file = process.env.LOG_SCAN;
  const names = new Set<string>();
  let rest = '';
  return (chunk) => {
    if (!file) return;
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    for (const printed of lines) {
      const [, name = '', line = ''] = LAMBDA_LINE.exec(printed) ?? [];
      if (!name) continue;
      const found: Logged[] = secretsIn(line).map((secret) => ({ name, secret, line }));
      if (!names.has(name)) found.push({ name });
      names.add(name);
      for (const one of found) appendFileSync(file, `${JSON.stringify(one)}\n`);
    }
  };
}
