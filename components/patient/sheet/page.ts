import {
  closePath,
  lineTo,
  moveTo,
  PDFOperator,
  PDFOperatorNames,
  type PDFPage,
  popGraphicsState,
  pushGraphicsState,
  rgb,
  setFillingColor,
} from 'pdf-lib';
import type { CodePath } from '#components/ui/codePath.ts';
import { linesOf, runsOf, type Typeface, widthOf } from './fonts.ts';

/** Points of a millimetre. */
export const mm = 72 / 25.4;
const black = rgb(0, 0, 0);
const grey = rgb(0.33, 0.33, 0.33);

/** A place on a sheet: x from the left and y from the top, in points. */
export interface Place {
  x: number;
  y: number;
}

export interface TextStyle {
  face: Typeface;
  size: number;
  /** Where lines are broken; one line where it is absent. */
  width?: number;
  align?: 'left' | 'right';
  quiet?: boolean;
}

/** Writes a text with its first line's top at `y`; answers where the next thing may begin. */
export function write(page: PDFPage, { x, y }: Place, text: string, style: TextStyle): number {
  const { face, size, width, align = 'left', quiet = false } = style;
  const lines = width === undefined ? [text] : linesOf(face, text, size, width);
  let top = y;
  for (const line of lines) {
    let at = align === 'right' ? x - widthOf(face, line, size) : x;
    for (const { font, text: part } of runsOf(face, line).runs) {
      page.drawText(part, { font, size, x: at, y: page.getHeight() - top - size * 0.82, color: quiet ? grey : black });
      at += font.widthOfTextAtSize(part, size);
    }
    top += size * 1.28;
  }
  return top;
}

export function rule(page: PDFPage, x: number, y: number, width: number): void {
  const at = page.getHeight() - y;
  page.drawLine({ start: { x, y: at }, end: { x: x + width, y: at }, thickness: 0.6, color: grey });
}

/** Draws a printed code as black areas in a square of `side` points; the paper around it is the quiet zone. */
export function drawCode(page: PDFPage, { x, y }: Place, code: CodePath, side: number): void {
  const scale = side / Math.max(code.width, code.height);
  const point = (px: number, py: number) => [x + px * scale, page.getHeight() - y - py * scale] as const;
  const operators: PDFOperator[] = [pushGraphicsState(), setFillingColor(black)];
  for (const corners of polygonsOf(code.d)) {
    const steps = corners.map(([px, py], index) => (index === 0 ? moveTo : lineTo)(...point(px, py)));
    operators.push(...steps, closePath());
  }
  operators.push(PDFOperator.of(PDFOperatorNames.FillEvenOdd), popGraphicsState());
  page.pushOperators(...operators);
}

/** Corners of each closed part of an SVG path of M, H, V, L and Z, as `codePath` writes them. */
export function polygonsOf(d: string): [number, number][][] {
  return d
    .split('Z')
    .filter(Boolean)
    .map((part) => {
      const corners: [number, number][] = [];
      for (const [, letter = '', numbers = ''] of part.matchAll(/([MHVL])([-\d. ]+)/g)) {
        const [first = 0, second = 0] = numbers.trim().split(' ').map(Number);
        const [x, y] = corners.at(-1) ?? [0, 0];
        if (letter === 'H') corners.push([first, y]);
        else if (letter === 'V') corners.push([x, first]);
        else corners.push([first, second]);
      }
      return corners;
    });
}
