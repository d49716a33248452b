import { type DrawingContext, render } from 'bwip-js/browser';

export interface QrPath {
  width: number;
  height: number;
  /** SVG path data, filled by the even-odd rule. */
  d: string;
}

/** The QR code of a text as one SVG path; drawn in the page, since the text is a secret. */
export function qrPath(text: string): QrPath {
  let size = { width: 0, height: 0 };
  const parts: string[] = [];
  const drawing: DrawingContext<QrPath> = {
    scale: () => null,
    measure: () => ({ width: 0, ascent: 0, descent: 0 }),
    init: (width, height) => {
      size = { width, height };
    },
    line: (x0, y0, x1, y1, weight) => {
      const half = weight / 2;
      parts.push(
        x0 === x1
          ? `M${x0 - half} ${y0}H${x0 + half}V${y1}H${x0 - half}Z`
          : `M${x0} ${y0 - half}V${y0 + half}H${x1}V${y0 - half}Z`,
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
  // Level M survives a fold or a stain; the typings leave out what only some kinds of code have.
  return render({ bcid: 'qrcode', text, scale: 1, ...{ eclevel: 'M' } }, drawing);
}
