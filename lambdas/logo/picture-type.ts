/** A picture is shown in 40 by 40 pixels. A small file may unfold to one that no browser has room for. */
const MOST_PIXELS = 2_048;

type Size = readonly [width: number, height: number];

/**
 * The media type of a picture, by what is in it and not by what it is called: PNG, JPEG or WebP, of up to 2,048 pixels a
 * side. Undefined for anything else, so for SVG too, which can hold scripts.
 */
export function pictureType(bytes: Buffer): string | undefined {
  for (const [type, sizeOf] of Object.entries(kinds)) {
    const size = sizeOf(bytes);
    if (size?.every((pixels) => pixels > 0 && pixels <= MOST_PIXELS)) return type;
  }
  return undefined;
}

const kinds: Readonly<Record<string, (bytes: Buffer) => Size | undefined>> = {
  'image/png': sizeOfPng,
  'image/jpeg': sizeOfJpeg,
  'image/webp': sizeOfWebp,
};

const PNG = Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR', 'latin1');

/** PNG (Third Edition) §5.2 and §11.2.1. */
function sizeOfPng(bytes: Buffer): Size | undefined {
  if (bytes.length < 24 || !bytes.subarray(0, PNG.length).equals(PNG)) return undefined;
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
}

/** The segments before the one that begins the frame, which has the size. ITU-T T.81 §B.2. */
function sizeOfJpeg(bytes: Buffer): Size | undefined {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) return undefined;
  let at = 2;
  while (at + 9 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0;
    if (isFrame(marker)) return [bytes.readUInt16BE(at + 7), bytes.readUInt16BE(at + 5)];
    // Before a marker there may be any number of fill bytes.
    at += marker === 0xff ? 1 : 2 + bytes.readUInt16BE(at + 2);
  }
  return undefined;
}

/** The sixteen beginnings of a frame, without tables for coding and what is reserved. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

/** RFC 9649 §2.4, §2.5 and §2.7, RFC 6386 §9.1. */
function sizeOfWebp(bytes: Buffer): Size | undefined {
  const named = (at: number, name: string) => bytes.toString('latin1', at, at + name.length) === name;
  if (bytes.length < 30 || !named(0, 'RIFF') || !named(8, 'WEBP')) return undefined;
  if (named(12, 'VP8X')) return [bytes.readUIntLE(24, 3) + 1, bytes.readUIntLE(27, 3) + 1];
  if (named(12, 'VP8 ') && named(23, '\x9d\x01\x2a'))
    return [bytes.readUInt16LE(26) & 0x3fff, bytes.readUInt16LE(28) & 0x3fff];
  if (!named(12, 'VP8L') || bytes[20] !== 0x2f) return undefined;
  const bits = bytes.readUInt32LE(21);
  return [(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1];
}
