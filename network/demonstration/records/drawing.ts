import { crc32, deflateSync } from 'node:zlib';

/** Small files of the demonstration, made by code: nothing of them was anybody's. */

const width = 640;
const height = 220;

/** An electrocardiogram's strip as a PNG (grayscale, 8 bits). */
export function heartStrip(): Uint8Array<ArrayBuffer> {
  const pixels = Buffer.alloc(width * height, 255);
  const put = (x: number, y: number, shade: number) => {
    if (x >= 0 && x < width && y >= 0 && y < height)
      pixels[y * width + x] = Math.min(pixels[y * width + x] ?? 255, shade);
  };
  for (let x = 0; x < width; x += 1) {
    for (let y = 0; y < height; y += 1)
      if (x % 20 === 0 || y % 20 === 0) put(x, y, x % 100 === 0 || y % 100 === 0 ? 190 : 225);
  }
  let before = heightAt(0);
  for (let x = 0; x < width; x += 1) {
    const y = heightAt(x);
    // A column between two heights, so that the steep parts stay one line.
    for (let at = Math.min(y, before); at <= Math.max(y, before); at += 1)
      for (const side of [0, 1]) put(x + side, at, 20);
    before = y;
  }
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1) pixels.copy(rows, y * (width + 1) + 1, y * width, (y + 1) * width);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  const parts = [signature, chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))];
  return new Uint8Array(Buffer.concat(parts));
}

/** P wave, QRS complex and T wave as bells over the base line, 128 pixels a beat. */
function heightAt(x: number): number {
  const beat = (x % 128) / 128;
  const bell = (at: number, spread: number, tall: number) => tall * Math.exp(-(((beat - at) / spread) ** 2));
  const volt =
    bell(0.2, 0.035, 12) - bell(0.34, 0.012, 14) + bell(0.37, 0.014, 110) - bell(0.4, 0.014, 26) + bell(0.62, 0.06, 24);
  return Math.round(height * 0.62 - volt);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(8);
  framed.writeUInt32BE(data.length, 0);
  framed.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([framed.subarray(0, 4), body, framed.subarray(4)]);
}

/** One page of plain text as a PDF 1.4. The lines may hold Latin-1 characters. */
export function letter(title: string, lines: readonly string[]): Uint8Array<ArrayBuffer> {
  const shown = (text: string) => text.replace(/[\\()]/g, (character) => `\\${character}`);
  const body = [
    ...['BT', '/F1 16 Tf', '60 780 Td', `(${shown(title)}) Tj`, '/F1 11 Tf', '0 -32 Td', '15 TL'],
    ...lines.flatMap((line) => [`(${shown(line)}) Tj`, 'T*']),
    'ET',
  ].join('\n');
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${Buffer.byteLength(body, 'latin1')} >>\nstream\n${body}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
  ];
  let text = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = Buffer.byteLength(text, 'latin1');
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const start = Buffer.byteLength(text, 'latin1');
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}`;
  text += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return new Uint8Array(Buffer.from(text, 'latin1'));
}
