const LONGEST_NAME = 200;
const LONGEST_ADDRESS = 2_000;

/** One emoji: a flag by tags, a keycap, or pictures that are joined, each with its style and skin. UTS #51 §1.4.9. */
const EMOJI = new RegExp(
  [
    '\\u{1F3F4}[\\u{E0020}-\\u{E007E}]{1,8}\\u{E007F}',
    '[0-9#*]\\uFE0F?\\u20E3',
    '\\p{ExtPict}[\\uFE0E\\uFE0F]?\\p{EMod}?(?:\\u200D\\p{ExtPict}[\\uFE0E\\uFE0F]?\\p{EMod}?)*',
  ].join('|'),
  'gu',
);

/** The scripts whose letters join and part by a character that is not seen itself. RFC 5892 §A.1 and §A.2. */
const joining = [
  ...['Arab', 'Syrc', 'Nkoo', 'Mand', 'Adlm', 'Rohg', 'Mong'],
  ...['Deva', 'Beng', 'Guru', 'Gujr', 'Orya', 'Taml', 'Telu', 'Knda', 'Mlym', 'Sinh', 'Newa', 'Cakm'],
  ...['Thai', 'Laoo', 'Khmr', 'Mymr', 'Lana', 'Tibt', 'Java', 'Bali', 'Sund', 'Limb', 'Lepc'],
];
const JOINER = new RegExp(
  `(?<=[${joining.map((script) => `\\p{scx=${script}}`).join('')}])[\\u200C\\u200D](?![\\u200C\\u200D])`,
  'gu',
);

/** How a Chinese character is drawn, where there are several ways: names are told apart by it. UTS #37. */
const VARIANT = /(?<=\p{Script=Han})[\u{E0100}-\u{E01EF}]/gu;

/** What is not seen, turns the text around, makes a gap, or stands for what was no text. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}\p{DI}\u2800\u{13441}\u{13442}\u{1D159}\uFFFD]|\p{Zs}{3}/u;
/** Scripts stack up to six marks of their own. Those that go with any letter make towers sooner. */
const STACKED = /\p{M}{7}|[\u0300-\u036F\u1AB0-\u1AFF\u1DC0-\u1DFF\u20D0-\u20FF\uFE20-\uFE2F]{4}/u;
const SEEN = /[\p{L}\p{N}\p{P}\p{S}]/u;

/**
 * The name that a client gives itself, if it can be shown to people; else undefined. Nothing in it is invisible but what
 * its script or an emoji needs, so that no name looks like another by what nobody sees.
 */
export function shownName(value: unknown): string | undefined {
  const name = typeof value === 'string' ? value.trim() : '';
  if (name.length > LONGEST_NAME || !SEEN.test(name) || STACKED.test(name)) return undefined;
  const rest = name.replace(EMOJI, ' ').replace(JOINER, '').replace(VARIANT, '');
  return UNSEEN.test(rest) ? undefined : name;
}

/** The address of a page of the web, if it is one; else undefined. */
export function webAddress(value: unknown): string | undefined {
  const isPlain = typeof value === 'string' && value.length <= LONGEST_ADDRESS && !/[\s\p{C}\p{DI}\uFFFD]/u.test(value);
  return isPlain && /^https?:\/\//i.test(value) && URL.canParse(value) ? value : undefined;
}
