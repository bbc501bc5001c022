import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { pictureType } from '../../lambdas/logo/picture-type.ts';

const png = readFileSync(new URL('../support/icon.png', import.meta.url));
const [small, large] = ['0040', '0801'];

/** The beginnings of pictures with this width and height, each in four hexadecimal digits. */
const kinds: Readonly<Record<string, (width: string, height: string) => string>> = {
  'image/png': (width, height) => `89504e470d0a1a0a0000000d494844520000${width}0000${height}`,
  'image/jpeg': (width, height) => `ffd8ffe000104a46494600010100000100010000ffdb000301ffffc0001108${height}${width}03`,
  'image/jpeg, progressive': (width, height) => `ffd8ffc2001108${height}${width}03`,
  'image/webp': (width, height) => webp('VP8 ', `0000009d012a${turned(width)}${turned(height)}`),
  'image/webp, extended': (width, height) => webp('VP8X', `00000000${before(width)}00${before(height)}00`),
  'image/webp, lossless': (width, height) => webp('VP8L', `2f${lossless(width, height)}0000000000`),
};

const number = (hex: string) => Number.parseInt(hex, 16);
const turned = (hex: string) => `${hex.slice(2)}${hex.slice(0, 2)}`;
/** Where the size is written less one. */
const before = (hex: string) => turned((number(hex) - 1).toString(16).padStart(4, '0'));

function webp(chunk: string, data: string): string {
  return `524946460000000057454250${Buffer.from(chunk).toString('hex')}00000000${data.padEnd(28, '0')}`;
}

function lossless(width: string, height: string): string {
  const bits = Buffer.alloc(4);
  bits.writeUInt32LE(number(width) - 1 + (number(height) - 1) * 2 ** 14);
  return bits.toString('hex');
}

describe('the type of a picture', () => {
  test.for(Object.entries(kinds))('is found by what is in it: %s', ([name, made]) => {
    const typeOf = (width: string, height: string) => pictureType(Buffer.from(made(width, height), 'hex'));
    const [type] = name.split(',');
    expect(typeOf(small, small)).toBe(type);
    expect(typeOf('0800', '0001')).toBe(type);
    expect([typeOf(large, small), typeOf(small, large)]).toEqual([undefined, undefined]);
  });

  test.for(Object.entries(kinds))('is none of one that is cut off anywhere before its size: %s', ([, made]) => {
    const bytes = Buffer.from(made(small, small), 'hex');
    const size = bytes.length - 8;
    for (let length = 0; length < size; length += 1) expect(pictureType(bytes.subarray(0, length))).toBeUndefined();
  });

  test('is that of a whole file', () => {
    expect(pictureType(png)).toBe('image/png');
  });

  test.for<[string, string | Buffer]>([
    ['nothing', ''],
    ['text', 'a logo'],
    ['SVG', '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"></svg>'],
    ['a GIF', 'GIF89a\x01\0\x01\0\0\0\0;'],
    ['a BMP', 'BM\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0'],
    ['an icon', '\0\0\x01\0\x01\0(\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0'],
    ['AVIF', '\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf\0\0\0\0\0\0\0\0'],
    [
      'a PNG whose first chunk is not its header',
      Buffer.from(kinds['image/png']?.(small, small).replace('49484452', '74455874') ?? '', 'hex'),
    ],
    ['a JPEG without a frame', Buffer.from('ffd8ffda000c03010002110311003f00ffffffffffffffffffffffffffffffff', 'hex')],
    ['a JPEG whose segments lead past its end', Buffer.from('ffd8ffe0ffff4a46494600000000000000000000', 'hex')],
    ['a JPEG of fill bytes', Buffer.concat([Buffer.from('ffd8', 'hex'), Buffer.alloc(1_000, 0xff)])],
    ['a sound in the same container', 'RIFF\0\0\0\0WAVEfmt \0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0'],
  ])('is none of %s', ([, bytes]) => {
    expect(pictureType(Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes, 'latin1'))).toBeUndefined();
  });
});
