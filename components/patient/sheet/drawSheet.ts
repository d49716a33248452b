import { PDFDocument, rgb } from 'pdf-lib';
import { longQrPath, textMatrixPath } from '#components/ui/codePath.ts';
import { proofAttachment } from '#crypto/commitment/disclosure.ts';
import { t } from '#messages/en.ts';
import { embedFonts, runsOf, type SheetFonts, type Typefaces } from './fonts.ts';
import { drawCode, mm, type Place, rule, write } from './page.ts';

const text = t.prescriptions.patient.printSheet;

/** What stands on the sheet, in the words that are printed. */
export interface SheetContent {
  patient: string;
  /** Of the patient, and when and by whom it was written. */
  facts: readonly string[];
  medicine: string;
  /** How to take it, in plain words. */
  sentence: string;
  note?: string;
  quantity: string;
  window: string;
  /** What the counter scans, and the same for typing. */
  code: { text: string; typed: string };
  /** Link with the proof, and the same as a file. */
  proof?: { link: string; file: Uint8Array; detail: string };
  number: string;
}

/** A5 portrait. */
const [width, height] = [148 * mm, 210 * mm];
const margin = 11 * mm;
const inner = width - 2 * margin;
const matrixSide = 44 * mm;
const proofSide = 48 * mm;
const gap = 6 * mm;

/**
 * Draws the A5 sheet that whoever carries it shows at a pharmacy, with no account: the access code as DataMatrix and for
 * typing, and the proof that anybody can check. Answers the PDF, and characters that no font has (printed as nothing).
 */
export async function drawSheet(
  content: SheetContent,
  fonts: SheetFonts,
): Promise<{ pdf: Uint8Array; missing: string }> {
  const pdf = await PDFDocument.create();
  // No name and no medicine: a file's title is shown where its content is not.
  pdf.setTitle(text.title);
  pdf.setLanguage('en');
  pdf.setProducer(t.shell.product);
  pdf.setCreator(t.shell.product);
  const faces = await embedFonts(pdf, fonts);
  const page = pdf.addPage([width, height]);
  const put = (place: Place, words: string, face: keyof Typefaces, size: number, limit?: number) =>
    write(page, place, words, { face: faces[face], size, ...(limit !== undefined && { width: limit }) });
  const small = (place: Place, words: string, limit: number) =>
    write(page, place, words, { face: faces.regular, size: 8.5, width: limit, quiet: true });

  drawMark(page, { x: margin, y: margin });
  put({ x: margin + 9 * mm, y: margin + 1.2 * mm }, t.shell.product, 'bold', 14);
  write(page, { x: width - margin, y: margin + 1.2 * mm }, text.title, { face: faces.bold, size: 14, align: 'right' });
  rule(page, margin, margin + 9 * mm, inner);

  let y = margin + 12 * mm;
  y = put({ x: margin, y }, content.patient, 'bold', 11, inner);
  for (const fact of content.facts) y = put({ x: margin, y }, fact, 'regular', 9, inner);
  y += 3 * mm;
  y = put({ x: margin, y }, content.medicine, 'bold', 17, inner);
  y = put({ x: margin, y: y + 0.5 * mm }, content.sentence, 'regular', 13, inner);
  if (content.note) y = put({ x: margin, y }, content.note, 'regular', 10.5, inner);
  y = put({ x: margin, y: y + 1 * mm }, content.quantity, 'regular', 10.5, inner);

  y = Math.max(y + 4 * mm, 72 * mm);
  drawCode(page, { x: margin, y }, textMatrixPath(content.code.text), matrixSide);
  const beside = margin + matrixSide + gap;
  const room = width - margin - beside;
  let side = put({ x: beside, y }, text.showAtCounter, 'bold', 12, room);
  side = put({ x: beside, y: side + 0.5 * mm }, content.window, 'bold', 10.5, room);
  side = small({ x: beside, y: side + 2.5 * mm }, text.typed, room);
  for (const line of groupsOf(content.code.typed)) side = put({ x: beside, y: side + 0.3 * mm }, line, 'mono', 13);
  y = Math.max(y + matrixSide, side) + 3 * mm;
  y = small({ x: margin, y }, `${text.instruction} ${text.account}`, inner) + 2 * mm;

  const { proof } = content;
  if (proof) {
    rule(page, margin, y, inner);
    y += 4 * mm;
    drawCode(page, { x: margin, y }, longQrPath(proof.link), proofSide);
    const at = margin + proofSide + gap;
    const limit = width - margin - at;
    const below = put({ x: at, y }, text.proofTitle, 'bold', 11, limit);
    const more = small({ x: at, y: below + 0.5 * mm }, text.proofBody, limit);
    small({ x: at, y: more + 1.5 * mm }, proof.detail, limit);
    await pdf.attach(proof.file, proofAttachment, {
      mimeType: 'application/cbor',
      description: text.proofTitle,
      creationDate: new Date(0),
      modificationDate: new Date(0),
    });
  }
  write(page, { x: margin, y: height - margin - 6 }, `${text.number} ${content.number}`, {
    ...{ face: faces.mono, size: 7.5, quiet: true },
  });

  const written = [content.patient, ...content.facts, content.medicine, content.sentence, content.note ?? ''].join('');
  const { missing } = runsOf(faces.regular, written.replaceAll(/\s/g, ''));
  return { pdf: await pdf.save(), missing: [...new Set(missing)].join('') };
}

/** The typed code's groups of four, three in a line. */
function groupsOf(typed: string): string[] {
  const groups = typed.split('-');
  return Array.from({ length: Math.ceil(groups.length / 3) }, (_, line) => {
    const some = groups.slice(3 * line, 3 * line + 3).join('-');
    return 3 * line + 3 < groups.length ? `${some}-` : some;
  });
}

/** The mark of `components/ui/Mark.tsx` in its colours of the light theme. */
function drawMark(page: ReturnType<PDFDocument['addPage']>, { x, y }: Place): void {
  const size = 7 * mm;
  const path = (d: string, colour: ReturnType<typeof rgb>) =>
    page.drawSvgPath(d, { x, y: height - y, scale: size / 28, borderColor: colour, borderWidth: 2.6 });
  const ink = rgb(0.07, 0.14, 0.17);
  path('M2.5 10.5L25.5 10.5M2.5 18L25.5 18', ink);
  path('M6.5 3L6.5 25', rgb(0, 0.42, 0.45));
  path('M12 3L12 25', rgb(0.72, 0.45, 0.05));
  path('M17 3L17 25', rgb(0.58, 0.25, 0.55));
  path('M22 3L22 25', rgb(0.2, 0.38, 0.68));
  path('M4.8 10.5L8.2 10.5M15.3 10.5L18.7 10.5M10.3 18L13.7 18M20.3 18L23.7 18', ink);
}
