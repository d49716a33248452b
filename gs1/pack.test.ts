import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { toBuffer } from 'bwip-js/node';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { fnc1, parseElements, writeElements, writeForDrawing } from './elementString.ts';
import { packElements, parseCode, parsePack } from './pack.ts';
import { elements, key, textOf } from './testing/arbitrary.ts';
import { faultOf } from './testing/fault.ts';

const anyPack = fc.record(
  {
    gtin: key(14),
    serial: textOf(82, 20),
    batch: textOf(82, 20),
    expiry: fc
      .date({ min: new Date('1977-01-01'), max: new Date('2076-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10)),
  },
  { requiredKeys: ['gtin', 'serial'] },
);

test('a pack comes back from its code', () => {
  fc.assert(
    fc.property(anyPack, (pack) => {
      expect(parsePack(writeElements(packElements(pack)), 2026)).toEqual(pack);
    }),
  );
});

test('the same pack in every form that a scanner may read', () => {
  const pack = { gtin: '09506000134352', serial: 'A/7', batch: 'B1', expiry: '2029-01-31' };
  for (const code of [
    `]d2010950600013435217290131${'10B1'}${fnc1}21A/7`,
    '(01)09506000134352(17)290131(10)B1(21)A/7',
    'https://id.gs1.org/01/09506000134352/10/B1/21/A%2F7?17=290131',
  ]) {
    expect(parsePack(code, 2026)).toEqual(pack);
  }
  expect(parsePack('urn:epc:id:sgtin:950600.0013435.A%2F7')).toEqual({ gtin: pack.gtin, serial: pack.serial });
});

test('other codes name other things', () => {
  expect([...parseCode('9506000134352')]).toEqual([['01', '09506000134352']]);
  expect([...parseCode(']E09506000134352')]).toEqual([['01', '09506000134352']]);
  expect([...parseCode('urn:epc:id:sscc:950600.00134350001')]).toEqual([['00', '095060001343500019']]);
  expect([...parseCode('(00)095060001343500019')]).toEqual([['00', '095060001343500019']]);
  expect([...parseCode('urn:epc:id:sgln:950600.013437.0')]).toEqual([['414', '9506000134376']]);
  expect(faultOf(() => parsePack('9506000134352'))).toEqual([
    'The code names no single pack: it needs a GTIN (01) and a serial number (21).',
    13,
  ]);
  expect(faultOf(() => parseCode('9506000134353'))).toEqual(['The check digit should be 2, not 3.', 12]);
});

beforeAll(() => {
  const wasm = readFileSync(fileURLToPath(import.meta.resolve('zxing-wasm/reader/zxing_reader.wasm')));
  prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasm).buffer } });
});

/** What a reader sends of a drawn code, symbology identifier first, as a hand scanner does. */
async function scanned(options: { bcid: string; text: string; parsefnc?: boolean }): Promise<string> {
  const png = await toBuffer({ ...options, scale: 3, padding: 10, backgroundcolor: 'FFFFFF' });
  const [found] = await readBarcodes(new Uint8Array(png), { textMode: 'Plain', tryHarder: true });
  if (!found?.isValid) throw new Error('the code cannot be read');
  expect(found.contentType).toBe('GS1');
  return `${found.symbologyIdentifier}${found.text}`;
}

test('what is drawn as DataMatrix and read again is the same', async () => {
  await fc.assert(
    fc.asyncProperty(elements, async (map) => {
      const code = await scanned({ bcid: 'datamatrix', text: writeForDrawing(map), parsefnc: true });
      expect(code.startsWith(']d2')).toBe(true);
      expect([...parseElements(code)]).toEqual([...map]);
    }),
    { numRuns: 40 },
  );
});

test('bars of GS1-128 and QR codes of GS1 are read the same way', async () => {
  const container = new Map([
    ['00', '095060001343500019'],
    ['400', 'PO(17)'],
    ['410', '9506000134376'],
  ]);
  for (const [bcid, prefix] of [
    ['code128', ']C1'],
    ['qrcode', ']Q3'],
  ] as const) {
    const code = await scanned({ bcid, text: writeForDrawing(container), parsefnc: true });
    expect(code.slice(0, 3)).toBe(prefix);
    expect([...parseElements(code)]).toEqual([...container]);
  }
});
