import { PDFDocument, type PDFPage } from 'pdf-lib';
import { embedFonts, runsOf, type SheetFonts, type Typefaces } from '#components/patient/sheet/fonts.ts';
import { mm, rule, write } from '#components/patient/sheet/page.ts';
import { formatBirthDate, formatMoney } from '#components/ui/format.ts';
import { t } from '#messages/en.ts';
import type { Statement, StatementLine } from './statement.ts';

const text = t.claims.statement;
const paper: [number, number] = [210 * mm, 297 * mm];
const edge = 15 * mm;
const right = 195 * mm;
const bottom = 275 * mm;

/** Right edges of the amounts, in points. */
const columns = { billed: 135 * mm, insurer: 155 * mm, patient: 175 * mm, paid: right };
type Column = keyof typeof columns;
const amounts = Object.keys(columns) as Column[];

/** A statement as a PDF of A4 pages; `missing` are characters that the typefaces do not have. */
export async function statementPdf(
  statement: Statement,
  { holder, made }: { holder: string; made: string },
  fonts: SheetFonts,
): Promise<{ pdf: Uint8Array; missing: string }> {
  const pdf = await PDFDocument.create();
  pdf.setTitle(text.title(String(statement.year)));
  const faces = await embedFonts(pdf, fonts);
  let page = pdf.addPage(paper);
  let y = edge;
  y = write(page, { x: edge, y }, text.title(String(statement.year)), { face: faces.bold, size: 18 });
  const facts = [holder, text.made(made)].join(' · ');
  y = write(page, { x: edge, y: y + 2 * mm }, facts, { face: faces.regular, size: 10, quiet: true });
  y = head(page, faces, y + 6 * mm);
  for (const line of statement.lines) {
    if (y + heightOf(line) > bottom) {
      page = pdf.addPage(paper);
      y = head(page, faces, edge);
    }
    y = drawLine(page, faces, y, line, statement.currency);
  }
  rule(page, edge, y + 1 * mm, right - edge);
  write(page, { x: edge, y: y + 3 * mm }, text.total, { face: faces.bold, size: 10 });
  drawAmounts(page, faces, y + 3 * mm, statement.total, statement.currency, 'bold');
  number(pdf, faces);
  const said = [holder, ...statement.lines.flatMap(({ provider, what, reasons }) => [provider, what, reasons])];
  return { pdf: await pdf.save(), missing: runsOf(faces.regular, said.join('')).missing };
}

function head(page: PDFPage, { regular }: Typefaces, y: number): number {
  const quiet = { face: regular, size: 8.5, quiet: true };
  write(page, { x: edge, y }, text.service, quiet);
  for (const name of amounts) write(page, { x: columns[name], y }, text.columns[name], { ...quiet, align: 'right' });
  rule(page, edge, y + 4.5 * mm, right - edge);
  return y + 6 * mm;
}

const heightOf = ({ reasons }: StatementLine) => (reasons === '' ? 13 * mm : 17 * mm);

function drawLine(page: PDFPage, faces: Typefaces, y: number, line: StatementLine, currency: string): number {
  const width = columns.billed - edge - 22 * mm;
  const style = { face: faces.regular, size: 10 };
  const below = write(page, { x: edge, y }, line.what, { ...style, width });
  drawAmounts(page, faces, y, line, currency, 'regular');
  const facts = [formatBirthDate(line.day), line.provider, line.state].join(' · ');
  let end = write(page, { x: edge, y: below }, facts, { ...style, size: 8.5, quiet: true, width: right - edge });
  if (line.reasons !== '')
    end = write(page, { x: edge, y: end }, line.reasons, { ...style, size: 8.5, quiet: true, width: right - edge });
  return end + 2.5 * mm;
}

function drawAmounts(
  page: PDFPage,
  faces: Typefaces,
  y: number,
  of: Pick<StatementLine, Column>,
  currency: string,
  weight: 'regular' | 'bold',
): void {
  for (const name of amounts) {
    const place = { x: columns[name], y };
    write(page, place, formatMoney(of[name], currency), { face: faces[weight], size: 10, align: 'right' });
  }
}

function number(pdf: PDFDocument, { regular }: Typefaces): void {
  const pages = pdf.getPages();
  for (const [index, page] of pages.entries()) {
    const words = text.page(String(index + 1), String(pages.length));
    write(page, { x: right, y: 283 * mm }, words, { face: regular, size: 8.5, quiet: true, align: 'right' });
  }
}
