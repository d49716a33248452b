import { PDFDocument } from 'pdf-lib';
import { describe, expect, it } from 'vitest';
import { buildQrText, createAccessCode, formatAccessCode } from '#crypto/accessCode.ts';
import { randomBytes, utf8 } from '#crypto/bytes.ts';
import { disclose, encodeDisclosure, proofAttachment, proofLink } from '#crypto/commitment/disclosure.ts';
import { newPrescriptionId, newPseudonym } from '#crypto/identifier.ts';
import { readFile, readShown } from './readShown.ts';

const id = newPrescriptionId(newPseudonym(0));
const disclosure = disclose(randomBytes(32), id, utf8('{"authoredOn":"2026-11-27"}'), ['authoredOn']);
const pdfWith = async (name: string) => {
  const pdf = await PDFDocument.create();
  pdf.addPage();
  await pdf.attach(encodeDisclosure(disclosure), name, { mimeType: 'application/cbor' });
  return new File([new Uint8Array(await pdf.save())], 'prescription.pdf');
};

describe('what is shown', () => {
  it('is a proof by its link, or a token by its number', () => {
    expect(readShown(` ${proofLink('https://portal.example', disclosure)} `)).toEqual({ kind: 'proof', disclosure });
    expect(readShown('123')).toEqual({ kind: 'token', tokenId: 123n });
    expect(readShown('0xff')).toEqual({ kind: 'token', tokenId: 255n });
  });

  it('is never an access code, scanned or typed, also with a mistake', () => {
    const code = createAccessCode();
    const typed = formatAccessCode(code);
    const [first = ''] = typed;
    const mistaken = `${first === '2' ? '3' : '2'}${typed.slice(1)}`;
    for (const text of [buildQrText('https://portal.example', id, code), typed, mistaken])
      expect(readShown(text)).toEqual({ kind: 'accessCode' });
  });

  it.each(['', 'hello', 'https://portal.example/verify#AAAA', `0x${'f'.repeat(65)}`, '9'.repeat(78)])(
    'is not %j',
    (text) => {
      expect(readShown(text)).toEqual({ kind: 'unreadable' });
    },
  );

  it('is in the attachment of a PDF, or in a file of its own', async () => {
    expect(await readFile(await pdfWith(proofAttachment))).toEqual({ kind: 'proof', disclosure });
    expect(await readFile(new File([encodeDisclosure(disclosure)], 'x.cbor'))).toEqual({ kind: 'proof', disclosure });
    expect(await readFile(new File(['{"version":1}'], 'x.json'))).toEqual({ kind: 'receipt', json: '{"version":1}' });
    expect(await readFile(new File(['{', Uint8Array.of(0xff)], 'x.json'))).toEqual({ kind: 'unreadable' });
    expect(await readFile(await pdfWith('another.cbor'))).toEqual({ kind: 'unreadable' });
    expect(await readFile(new File(['%PDF-1.7 broken'], 'x.pdf'))).toEqual({ kind: 'unreadable' });
  });
});
