import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  concat,
  equalBytes,
  fromBase64Url,
  fromHex,
  fromUtf8,
  toBase32,
  toBase64Url,
  toHex,
  utf8,
  wipe,
} from './bytes.ts';

const bytes = fc.uint8Array({ maxLength: 300 });

describe('text forms of bytes', () => {
  it('writes the vectors of RFC 4648, section 10', () => {
    expect(toBase64Url(utf8('foobar'))).toBe('Zm9vYmFy');
    expect(toBase64Url(utf8('fooba'))).toBe('Zm9vYmE');
    expect(toBase64Url(Uint8Array.of(0xfb, 0xff))).toBe('-_8');
    expect(toBase32(utf8('foobar'))).toBe('mzxw6ytboi');
    expect(toBase32(utf8('fooba'))).toBe('mzxw6ytb');
    expect(toHex(utf8('foob'))).toBe('666f6f62');
  });

  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(bytes, (value) => {
        expect(equalBytes(fromBase64Url(toBase64Url(value)), value)).toBe(true);
        expect(equalBytes(fromHex(toHex(value)), value)).toBe(true);
      }),
    );
  });

  it.each(['Zm9v=', 'Zm9vY', 'Zm 9', 'Zm+v', 'Zm9vYmF', 'é'])('refuses base64url %j', (text) => {
    expect(() => fromBase64Url(text)).toThrow(expect.objectContaining({ code: 'ENCODING' }));
  });

  it.each(['abc', '0x12', 'zz'])('refuses hex %j', (text) => {
    expect(() => fromHex(text)).toThrow(expect.objectContaining({ code: 'ENCODING' }));
  });

  it('refuses bytes that are no UTF-8', () => {
    expect(() => fromUtf8(Uint8Array.of(0xc3, 0x28))).toThrow(expect.objectContaining({ code: 'ENCODING' }));
  });
});

describe('equalBytes', () => {
  it('is true for equal bytes only', () => {
    fc.assert(
      fc.property(bytes, bytes, (left, right) => {
        expect(equalBytes(left, right)).toBe(toHex(left) === toHex(right));
      }),
    );
    expect(equalBytes(Uint8Array.of(1, 0), Uint8Array.of(1))).toBe(false);
    expect(equalBytes(Uint8Array.of(1), Uint8Array.of(1, 0))).toBe(false);
  });
});

it('joins and wipes', () => {
  const left = Uint8Array.of(1, 2);
  expect(concat(left, new Uint8Array(), Uint8Array.of(3))).toEqual(Uint8Array.of(1, 2, 3));
  wipe(left);
  expect(left).toEqual(Uint8Array.of(0, 0));
});
