import { expect, test } from 'vitest';
import { mailbox } from '#core/mail/mailbox.ts';

test.for([
  ['Vestibule', '"Vestibule" <a@example.com>'],
  ['Todos, and "more"', '"Todos, and more" <a@example.com>'],
  ['Bücher', '=?UTF-8?B?QsO8Y2hlcg==?= <a@example.com>'],
] as const)('a mail from %s says %s, RFC 5322 §3.4', ([name, header]) => {
  expect(mailbox(name, 'a@example.com')).toBe(header);
});
