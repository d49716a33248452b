import fontkit from '@pdf-lib/fontkit';
import type { PDFDocument, PDFFont } from 'pdf-lib';

/** The files of one typeface, WOFF: Latin first, then what Latin leaves out (Central European, Turkish, Vietnamese…). */
export type FontFiles = readonly Uint8Array[];
export interface SheetFonts {
  regular: FontFiles;
  bold: FontFiles;
  mono: FontFiles;
}

/** A typeface of several files, of which each character is set in the first that has it. */
export interface Typeface {
  parts: readonly { font: PDFFont; has: ReadonlySet<number> }[];
}

export type Typefaces = Record<keyof SheetFonts, Typeface>;

/** Embeds only the letters that are used. */
export async function embedFonts(pdf: PDFDocument, fonts: SheetFonts): Promise<Typefaces> {
  pdf.registerFontkit(fontkit);
  const face = async (files: FontFiles): Promise<Typeface> => ({
    parts: await Promise.all(
      files.map(async (file) => {
        const font = await pdf.embedFont(file, { subset: true });
        return { font, has: new Set(font.getCharacterSet()) };
      }),
    ),
  });
  return { regular: await face(fonts.regular), bold: await face(fonts.bold), mono: await face(fonts.mono) };
}

export interface Run {
  font: PDFFont;
  text: string;
}

/** A text in runs of one font each; `missing` are characters that no file of the typeface has. */
export function runsOf({ parts }: Typeface, text: string): { runs: Run[]; missing: string } {
  const runs: Run[] = [];
  let missing = '';
  for (const character of text.normalize('NFC')) {
    const part = parts.find(({ has }) => has.has(character.codePointAt(0) ?? -1));
    if (!part) {
      missing += character;
      continue;
    }
    const last = runs.at(-1);
    if (last?.font === part.font) last.text += character;
    else runs.push({ font: part.font, text: character });
  }
  return { runs, missing };
}

export const widthOf = (face: Typeface, text: string, size: number): number =>
  runsOf(face, text).runs.reduce((sum, run) => sum + run.font.widthOfTextAtSize(run.text, size), 0);

/** Cuts a text at its spaces, not at hard ones, into lines of at most `width` points; a word that is longer stands alone. */
export function linesOf(face: Typeface, text: string, size: number, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/[ \n]+/).filter(Boolean)) {
    const last = lines.at(-1);
    if (last !== undefined && widthOf(face, `${last} ${word}`, size) <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
