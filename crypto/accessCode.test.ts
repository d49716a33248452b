import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  buildQrText,
  createAccessCode,
  formatAccessCode,
  parseAccessCode,
  parseQrFragment,
  parseQrText,
} from './accessCode.ts';
import { fromHex } from './bytes.ts';

const code = fc.uint8Array({ minLength: 16, maxLength: 16 });
const refusal = (expected: string) => expect.objectContaining({ code: expected });
const id = `rx-0-${'a'.repeat(26)}`;
const origin = 'https://portal.example';

describe('the typed form', () => {
  it('is fixed', () => {
    expect(formatAccessCode(fromHex('00112233445566778899aabbccddeeff'))).toBe('008J-4CT4-ANK7-F24S-NAXW-SQFE-ZWB');
    expect(formatAccessCode(new Uint8Array(16))).toBe('0000-0000-0000-0000-0000-0000-000');
  });

  it('is read back, whatever its case, grouping and look-alikes', () => {
    fc.assert(
      fc.property(code, (value) => {
        const typed = formatAccessCode(value);
        expect(parseAccessCode(typed)).toEqual(new Uint8Array(value));
        const sloppy = typed.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l');
        expect(parseAccessCode(` ${sloppy}\n`)).toEqual(new Uint8Array(value));
        expect(parseAccessCode(typed.replaceAll('1', 'I').replaceAll('-', '–'))).toEqual(new Uint8Array(value));
      }),
    );
  });

  it('finds every single mistyped character', () => {
    const typed = formatAccessCode(createAccessCode()).replaceAll('-', '');
    for (let position = 0; position < typed.length; position += 1) {
      for (const other of '0123456789ABCDEFGHJKMNPQRSTVWXYZ') {
        if (other === typed[position]) continue;
        const mistyped = typed.slice(0, position) + other + typed.slice(position + 1);
        expect(() => parseAccessCode(mistyped)).toThrow(refusal('ACCESS_CODE_CHECK'));
      }
    }
  });

  it('finds swapped neighbours, but for 0 and Z', () => {
    fc.assert(
      fc.property(code, fc.nat(24), (value, position) => {
        const typed = formatAccessCode(value).replaceAll('-', '');
        const [left = '', right = ''] = typed.slice(position, position + 2);
        fc.pre(left !== right && `${left}${right}` !== '0Z' && `${left}${right}` !== 'Z0');
        const swapped = typed.slice(0, position) + right + left + typed.slice(position + 2);
        expect(() => parseAccessCode(swapped)).toThrow(refusal('ACCESS_CODE_CHECK'));
      }),
    );
  });

  it('names the mistake', () => {
    const typed = formatAccessCode(createAccessCode());
    expect(() => parseAccessCode(typed.slice(0, -1))).toThrow(refusal('ACCESS_CODE_LENGTH'));
    expect(() => parseAccessCode(`${typed}0`)).toThrow(refusal('ACCESS_CODE_LENGTH'));
    expect(() => parseAccessCode('')).toThrow(refusal('ACCESS_CODE_LENGTH'));
    expect(() => parseAccessCode(`U${typed.slice(1)}`)).toThrow(
      expect.objectContaining({ code: 'ACCESS_CODE_CHARACTER', detail: 'U' }),
    );
    expect(() => parseAccessCode('9'.repeat(10_000_000))).toThrow(refusal('ACCESS_CODE_LENGTH'));
  });

  it('takes 16 bytes only', () => {
    expect(() => formatAccessCode(new Uint8Array(15))).toThrow(refusal('KEY_LENGTH'));
    expect(() => buildQrText(origin, id, new Uint8Array(17))).toThrow(refusal('KEY_LENGTH'));
  });
});

describe('the QR text', () => {
  it('keeps the code in the fragment and is read back', () => {
    fc.assert(
      fc.property(code, (value) => {
        const text = buildQrText(origin, id, value);
        expect(new URL(text).pathname + new URL(text).search).toBe('/rx');
        expect(parseQrText(text, origin)).toEqual({ prescriptionId: id, code: new Uint8Array(value) });
        expect(parseQrFragment(new URL(text).hash).code).toEqual(new Uint8Array(value));
      }),
    );
  });

  it.each([
    ['no address', 'hello'],
    ['nothing', ''],
    ['another path', `${origin}/ry#${id}.${'A'.repeat(22)}`],
    ['a query', `${origin}/rx?x=1#${id}.${'A'.repeat(22)}`],
    ['no fragment', `${origin}/rx`],
    ['another id', `${origin}/rx#disp-${'a'.repeat(26)}.${'A'.repeat(22)}`],
    ['a short code', `${origin}/rx#${id}.${'A'.repeat(21)}`],
    ['a long code', `${origin}/rx#${id}.${'A'.repeat(23)}`],
    ['a second spelling of a code', `${origin}/rx#${id}.${'A'.repeat(21)}B`],
    ['three parts', `${origin}/rx#${id}.${'A'.repeat(22)}.x`],
    ['ten megabytes', `${origin}/rx#${'a'.repeat(10_000_000)}`],
  ])('refuses %s', (_, text) => {
    expect(() => parseQrText(text, origin)).toThrow(refusal('QR_MALFORMED'));
  });

  it('refuses another portal', () => {
    const text = buildQrText('https://other.example', id, createAccessCode());
    expect(() => parseQrText(text, origin)).toThrow(
      expect.objectContaining({ code: 'QR_FOREIGN', detail: 'other.example' }),
    );
  });
});
