/** Providers of mailboxes, whose domains tell others to refuse mail that they did not send. RFC 7489 §6.3. */
const providers = new Set([
  ...['gmail.com', 'googlemail.com', 'outlook.com', 'hotmail.com', 'live.com', 'msn.com', 'yahoo.com', 'ymail.com'],
  ...['rocketmail.com', 'aol.com', 'icloud.com', 'me.com', 'mac.com', 'proton.me', 'protonmail.com', 'pm.me'],
  ...[
    'gmx.com',
    'gmx.net',
    'gmx.de',
    'gmx.at',
    'gmx.ch',
    'web.de',
    't-online.de',
    'freenet.de',
    'mail.com',
    'zoho.com',
  ],
  ...['fastmail.com', 'hey.com', 'tutanota.com', 'tuta.com', 'mail.ru', 'bk.ru', 'list.ru', 'inbox.ru', 'yandex.ru'],
  ...['yandex.com', 'qq.com', '163.com', '126.com', 'naver.com', 'orange.fr', 'laposte.net', 'free.fr', 'libero.it'],
  ...['comcast.net', 'att.net', 'verizon.net', 'sbcglobal.net', 'btinternet.com', 'seznam.cz', 'wp.pl', 'uol.com.br'],
]);
const inEveryCountry = /^(yahoo|hotmail|outlook|live|ymail)\.([a-z]{2}|com?\.[a-z]{2})$/;

/** What to say of a sender at a provider of mailboxes. */
export function webmailSender(sender: string): string | undefined {
  const domain = sender.slice(sender.lastIndexOf('@') + 1).toLowerCase();
  if (!providers.has(domain) && !inEveryCountry.test(domain)) return undefined;
  return (
    `Mail from ${sender} through SES fails DMARC, so most of it is refused or ends up as spam: set sender in ` +
    'vestibule.config.ts to an address at a domain of your own.'
  );
}
