import { domainToASCII } from 'node:url';

const LONGEST_ADDRESS = 254;
/**
 * RFC 5322 §3.2.3, but for what leads elsewhere: `%` and `!` name a further host to some servers on the way, and `=?`
 * begins an encoded word, which another address may be hidden in. RFC 5321 §3.6.1, RFC 2047 §2.
 */
const LOCAL_PART = /^(?!.*=\?)[a-z0-9#$&'*+/=?^_`{|}~-]+(\.[a-z0-9#$&'*+/=?^_`{|}~-]+)*$/;
const DOMAIN = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

/** As much as anybody pastes: a name and an address. */
const LONGEST_TYPED = 500;
/** Space, and marks without width that copying brings along. Those that turn the text around are refused. */
const edge = '[\\s\\u200B\\u2060\\u200E\\u200F\\u202A\\u202C\\u2066\\u2069]*';
const WITHOUT_EDGES = new RegExp(`^${edge}(.*?)${edge}$`, 'su');
const IN_BRACKETS = /^[^<>@,;:\p{C}]*<([^<>]*)>$/u;
const IN_QUOTES = /^["“]([^"“”]*)["”]$/u;
const WIDE = /^[\uFF01-\uFF5E\u3002\uFF61]+$/;

/** Before it takes its ASCII form, for which a path, an escape or a tab would be passed over in silence. */
const DOMAIN_AS_TYPED = /^[\p{L}\p{M}\p{N}.-]+$/u;

/**
 * The one form of an address under which its person is found, or undefined when no mail can go there.
 * ASCII letters lose their case, for nobody tells such accounts apart; an international domain takes its ASCII form.
 * What comes with an address when it is copied is left out, and wide letters become narrow where all of them are wide:
 * no mailbox can have them. Nothing else changes: dots and `+tag` may make another mailbox, and look-alike letters are
 * refused, not folded.
 */
export function canonicalAddress(typed: string): string | undefined {
  const [, typedLocal, typedDomain] = /^([^@＠]+)[@＠]([^@＠]+)$/.exec(bare(typed)) ?? [];
  if (!typedLocal || !typedDomain) return undefined;
  const local = WIDE.test(typedLocal) ? narrow(typedLocal) : typedLocal;
  if (!isAscii(local)) return undefined;
  const domain = canonicalDomain(typedDomain.replace(/[．。｡]/g, '.').replaceAll('－', '-'));
  const isMailbox = LOCAL_PART.test(local.toLowerCase()) && local.length <= 64;
  if (!domain || !isMailbox) return undefined;
  const address = `${local.toLowerCase()}@${domain}`;
  return address.length <= LONGEST_ADDRESS ? address : undefined;
}

/** An address without what it was copied with: a name and brackets, a scheme, quotes, the end of a sentence. */
function bare(typed: string): string {
  if (typed.length > LONGEST_TYPED) return '';
  const text = withoutEnd(typed);
  return withoutEnd(inner(IN_QUOTES, inner(IN_BRACKETS, text)).replace(/^mailto:/i, ''));
}

function withoutEnd(text: string): string {
  return inner(WITHOUT_EDGES, text).replace(/[.,;:!?。．]+$/u, '');
}

/** What a pattern finds within a text, or the text. */
function inner(pattern: RegExp, text: string): string {
  return pattern.exec(text)?.[1] ?? text;
}

/** The ASCII characters that wide ones stand for. Unicode, Halfwidth and Fullwidth Forms. */
function narrow(wide: string): string {
  return wide.replace(/[。｡]/g, '.').normalize('NFKC');
}

/** The ASCII form of a domain, or undefined when it is none that can have mail. RFC 5891 §4. */
export function canonicalDomain(typed: string): string | undefined {
  const domain = DOMAIN_AS_TYPED.test(typed) ? domainToASCII(typed) : '';
  return DOMAIN.test(domain) ? domain : undefined;
}

/**
 * True if some mail systems would read the part before the @ as another address. In one pattern, the marks would take
 * seconds to read where there are many. RFC 5321 §4.1.1.3, §F.2.
 */
export function isForwarding(typed: string): boolean {
  return /%|!|=\?/.test(typed.slice(0, typed.lastIndexOf('@') + 1));
}

/** The domain of an address in its canonical form. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}

/** Some letters that are none of ASCII become one in lower case, and would lead to somebody else's account. */
function isAscii(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}
