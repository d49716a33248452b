import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { inflateSync } from 'node:zlib';
import {
  PDFArray,
  PDFDict,
  PDFDocument,
  PDFHexString,
  PDFName,
  PDFRawStream,
  PDFRef,
  PDFStream,
  PDFString,
} from 'pdf-lib';
import { describe, expect, it } from 'vitest';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/full';
import { drawSheet, type SheetContent } from './drawSheet.ts';
import type { SheetFonts } from './fonts.ts';

const file = (specifier: string) => new Uint8Array(readFileSync(fileURLToPath(import.meta.resolve(specifier))));
const face = (family: string, weight: number) =>
  ['latin', 'latin-ext'].map((subset) =>
    file(
      `@fontsource/atkinson-hyperlegible-${family}/files/atkinson-hyperlegible-${family}-${subset}-${weight}-normal.woff`,
    ),
  );
const fonts: SheetFonts = { regular: face('next', 400), bold: face('next', 700), mono: face('mono', 400) };
prepareZXingModule({ overrides: { wasmBinary: file('zxing-wasm/full/zxing_full.wasm').buffer } });

const content: SheetContent = {
  patient: 'Zoë Łukasiewicz-Şahin',
  facts: ['born 14 Mar 1968', 'Prescribed on 27 Nov 2026 by Dr Amara Weiss, Lakeside Hospital'],
  medicine: 'Amoxicillin and clavulanic acid 875 mg/125 mg tablet',
  sentence: 'Take 1 tablet by mouth every 12 hours for 7 days.',
  note: 'With food.',
  quantity: '14 tablets',
  window: 'Valid until 25 Dec 2026',
  code: {
    text: 'https://medloom.example/rx#rx-0-abcdefghijklmnopqrstuvwxyz.AAAAAAAAAAAAAAAAAAAAAA',
    typed: 'ABCD-EFGH-JKMN-PQRS-TVWX-YZ01-234',
  },
  proof: {
    link: `https://medloom.example/verify#${'q8Zx_-1d'.repeat(150)}`,
    file: new Uint8Array([1, 2, 3]),
    detail: 'It shows: medicine, dose. It does not show why it was prescribed.',
  },
  number: 'rx-0-abcdefghijklmnopqrstuvwxyz',
};

describe('the printed sheet', () => {
  it('is one page of A5', async () => {
    const { pdf, missing } = await drawSheet(content, fonts);
    const document = await PDFDocument.load(pdf);
    expect(document.getPageCount()).toBe(1);
    const { width, height } = document.getPage(0).getSize();
    expect([Math.round((width * 25.4) / 72), Math.round((height * 25.4) / 72)]).toEqual([148, 210]);
    expect(missing).toBe('');
    // Nothing of the patient where a list of files shows it.
    expect(document.getTitle()).toBe('Prescription');
  });

  it('has the access code as a DataMatrix and the proof as a QR code, which can be read', async () => {
    const { pdf } = await drawSheet(content, fonts);
    const picture = await pictureOf(pdf);
    const read = await readBarcodes(picture, { formats: ['DataMatrix', 'QRCode'], tryHarder: true });
    expect(read.map(({ format, text }) => [format, text]).sort()).toEqual([
      ['DataMatrix', content.code.text],
      ['QRCode', content.proof?.link],
    ]);
  });

  it('carries the proof as a file', async () => {
    const { pdf } = await drawSheet(content, fonts);
    expect(await attachmentOf(pdf, 'medloom-proof.cbor')).toEqual(Buffer.from([1, 2, 3]));
  });

  it('tells letters that it cannot print', async () => {
    const { missing } = await drawSheet({ ...content, patient: '田中 Yuki' }, fonts);
    expect(missing).toBe('田中');
  });
});

/** The black areas of the page's codes at 300 dots an inch, as a printer makes them. */
async function pictureOf(pdf: Uint8Array) {
  const document = await PDFDocument.load(pdf);
  const page = document.getPage(0);
  const contents = page.node.Contents();
  const streams =
    contents instanceof PDFArray ? contents.asArray().map((each) => document.context.lookup(each)) : [contents];
  const source = streams.map((stream) => (stream instanceof PDFRawStream ? textOf(stream) : '')).join('\n');
  const scale = 300 / 72;
  const size = { width: Math.ceil(page.getWidth() * scale), height: Math.ceil(page.getHeight() * scale) };
  const data = new Uint8ClampedArray(4 * size.width * size.height).fill(255);
  for (const [, area = ''] of source.matchAll(/\bq\n0 0 0 rg\n((?:[-\d.]+ [-\d.]+ [ml]\n|h\n)+)f\*/g))
    fillEvenOdd(area);
  return { ...size, data, colorSpace: 'srgb' as const };

  function fillEvenOdd(area: string) {
    const edges = area
      .split('h\n')
      .map((part) =>
        [...part.matchAll(/([-\d.]+) ([-\d.]+) [ml]/g)].map(
          ([, x, y]) => [Number(x) * scale, Number(y) * scale] as const,
        ),
      )
      .flatMap((corners) =>
        corners.map((from, index) => [from, corners[(index + 1) % corners.length] ?? from] as const),
      );
    for (let row = 0; row < size.height; row += 1) {
      const y = row + 0.5;
      const crossings = edges
        .filter(([[, from], [, to]]) => from > y !== to > y)
        .map(([[x0, y0], [x1, y1]]) => x0 + ((y - y0) / (y1 - y0)) * (x1 - x0))
        .sort((left, right) => left - right);
      for (let pair = 0; pair + 1 < crossings.length; pair += 2)
        for (let x = Math.ceil((crossings[pair] ?? 0) - 0.5); x + 0.5 < (crossings[pair + 1] ?? 0); x += 1)
          data.fill(
            0,
            4 * ((size.height - 1 - row) * size.width + x),
            4 * ((size.height - 1 - row) * size.width + x) + 3,
          );
    }
  }
}

const textOf = (stream: PDFRawStream) => inflateSync(stream.getContents()).toString('latin1');

async function attachmentOf(pdf: Uint8Array, name: string): Promise<Buffer | undefined> {
  const { context, catalog } = await PDFDocument.load(pdf);
  const names = catalog
    .lookup(PDFName.of('Names'), PDFDict)
    .lookup(PDFName.of('EmbeddedFiles'), PDFDict)
    .lookup(PDFName.of('Names'), PDFArray);
  for (let at = 0; at < names.size(); at += 2) {
    const key = names.lookup(at);
    if (!(key instanceof PDFHexString || key instanceof PDFString) || key.decodeText() !== name) continue;
    const reference = names
      .lookup(at + 1, PDFDict)
      .lookup(PDFName.of('EF'), PDFDict)
      .get(PDFName.of('F'));
    const stream = reference instanceof PDFRef ? context.lookup(reference) : undefined;
    if (stream instanceof PDFRawStream) return inflateSync(stream.getContents());
    if (stream instanceof PDFStream) return Buffer.from(stream.getContents());
  }
  return undefined;
}
