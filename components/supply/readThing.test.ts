import { describe, expect, it } from 'vitest';
import { readThing } from './readThing.ts';

const gtin = '09506000134352';
const item = { kind: 'pack', gtin, serial: 'K7M2QX' };

describe('a code', () => {
  it.each([
    ['as a scanner sends it', `]d201${gtin}17290331${'10NV-7'}\u001d21K7M2QX`],
    ['with a separator before it', `\u001d01${gtin}17290331${'10NV-7'}\u001d21K7M2QX`],
    ['in brackets', `(01)${gtin}(17)290331(10)NV-7(21)K7M2QX`],
    ['as a Digital Link', `https://id.gs1.org/01/${gtin}/10/NV-7/21/K7M2QX?17=290331`],
  ])('names a pack %s', (_, code) => {
    expect(readThing(code)).toEqual({ item, batch: 'NV-7', expiry: '2029-03-31' });
  });

  it.each(['395060001343520018', '(00)395060001343520018', ']C100395060001343520018'])('names a case: %s', (code) => {
    expect(readThing(code)).toEqual({ item: { kind: 'container', sscc: '395060001343520018' } });
  });

  it.each(['', 'hello', gtin, '(01)09506000134351(21)A', '395060001343520017', 'https://medloom.example/rx#rx-0'])(
    'is none: %s',
    (code) => {
      expect(() => readThing(code)).toThrow();
    },
  );
});
