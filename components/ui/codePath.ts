import { type DrawingContext, type RenderOptions, render } from 'bwip-js/browser';

/** A printed code as one SVG path. */
export interface CodePath {
  width: number;
  height: number;
  /** SVG path data, filled by the even-odd rule. */
  d: string;
}

/** Level M survives a fold or a stain; the typings leave out what only some kinds of code have. */
const medium = { eclevel: 'M' };
const low = { eclevel: 'L' };

/** The QR code of a text; drawn in the page, since the text may be a secret. */
export const qrPath = (text: string): CodePath => draw({ bcid: 'qrcode', text, scale: 1, ...medium });

/** The QR code of a long text at level L, which leaves the largest dots. */
export const longQrPath = (text: string): CodePath => draw({ bcid: 'qrcode', text, scale: 1, ...low });

/** The DataMatrix (ECC 200) of a text that is none of GS1's. */
export const textMatrixPath = (text: string): CodePath => draw({ bcid: 'datamatrix', text, scale: 1 });

/** Elements of GS1 as `writeForDrawing` has them, FNC1 written out. */
const gs1 = { parsefnc: true };

/** The GS1 DataMatrix of elements written for drawing, as it stands on a pack. */
export const dataMatrixPath = (elements: string): CodePath =>
  draw({ bcid: 'datamatrix', text: elements, scale: 1, ...gs1 });

/** The GS1-128 bars of elements written for drawing, as they stand on a case; `height` in millimetres. */
export const barsPath = (elements: string, height = 20): CodePath =>
  draw({ bcid: 'code128', text: elements, scale: 1, height, ...gs1 });

function draw(options: RenderOptions): CodePath {
  let size = { width: 0, height: 0 };
  const parts: string[] = [];
  const drawing: DrawingContext<CodePath> = {
    scale: () => null,
    measure: () => ({ width: 0, ascent: 0, descent: 0 }),
    init: (width, height) => {
      size = { width, height };
    },
    line: (x0, y0, x1, y1, weight) => {
      // The middle of a line of odd weight is given rounded up; bars would overlap their neighbours by half a module.
      const from = (middle: number) => Math.trunc(middle) - (weight % 2) / 2 - weight / 2;
      const [left, top] = [from(x0), from(y0)];
      parts.push(
        x0 === x1 ? `M${left} ${y0}H${left + weight}V${y1}H${left}Z` : `M${x0} ${top}V${top + weight}H${x1}V${top}Z`,
      );
    },
    polygon: (points) => {
      parts.push(`M${points.map(([x, y]) => `${x} ${y}`).join('L')}Z`);
    },
    hexagon: () => {},
    ellipse: () => {},
    fill: () => {},
    text: () => {},
    end: () => ({ ...size, d: parts.join('') }),
  };
  return render(options, drawing);
}
