import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PDFDocument } from 'pdf-lib';
import { describe, expect, it } from 'vitest';
import type { Claim } from '#chaincode/model/claim.ts';
import { paidByPatient } from '#components/claims/leftToDo.ts';
import type { SheetFonts } from '#components/patient/sheet/fonts.ts';
import { type Statement, statementCsv, statementsOf } from './statement.ts';
import { statementPdf } from './statementPdf.ts';

const file = (specifier: string) => new Uint8Array(readFileSync(fileURLToPath(import.meta.resolve(specifier))));
const face = (family: string, weight: number) =>
  ['latin', 'latin-ext'].map((subset) =>
    file(
      `@fontsource/atkinson-hyperlegible-${family}/files/atkinson-hyperlegible-${family}-${subset}-${weight}-normal.woff`,
    ),
  );
const fonts: SheetFonts = { regular: face('next', 400), bold: face('next', 700), mono: face('mono', 400) };

const sealed = { cid: `b${'a'.repeat(58)}`, contentHash: 'ab'.repeat(32) };
const decision: Claim['decisions'][number] = {
  ...{ claim: `clm-${'c'.repeat(26)}`, version: 1, usage: 0, outcome: 'partlyApproved', explanation: sealed },
  ...{ allowed: 1_000, insurer: 720, patient: 280, deductible: 100, reasons: ['PRICE_ABOVE_LIST'] },
  ...{ by: `dev-${'d'.repeat(26)}`, at: '2026-03-02T10:00:00.000Z' },
};
const receipt = (change: Partial<Claim['receipts'][number]>): Claim['receipts'][number] => ({
  ...{ kind: 'payment', payer: 'patient', amount: 100, chainId: 1, contract: `0x${'1'.repeat(40)}`, logIndex: 0 },
  ...{ transactionHash: `0x${'2'.repeat(64)}`, blockNumber: 1, blockHash: `0x${'3'.repeat(64)}` },
  ...{ at: '2026-03-03T10:00:00.000Z', ...change },
});
const claim = (change: Partial<Claim> = {}): Claim => ({
  ...{ id: `clm-${'c'.repeat(26)}`, use: 'claim', category: 'medicine', policy: `pol-${'p'.repeat(26)}` },
  ...{ authorisation: `aut-${'q'.repeat(26)}`, service: 'ab'.repeat(32), servedAt: '2026-03-01T09:00:00.000Z' },
  ...{ currency: 'EUR', billed: 1_200, content: sealed, reference: 'cd'.repeat(32) },
  ...{
    plan: { id: `plan-${'r'.repeat(26)}`, version: 1 },
    insurer: 'inst-northern-mutual',
    at: '2026-03-01T09:05:00.000Z',
  },
  ...{ provider: 'inst-river-pharmacy', by: `prac-${'s'.repeat(26)}`, state: 'partlyApproved', decisions: [decision] },
  ...{ messages: [], receipts: [], version: 2 },
  ...change,
});
const words = { nameOf: () => 'Ramipril 5 mg', providerOf: () => 'River Pharmacy' };

describe('the yearly statement', () => {
  it('has each bill of the year with who pays what, and sums that fit', () => {
    const other = claim({ servedAt: '2026-01-10T09:00:00.000Z', billed: 500, decisions: [], state: 'submitted' });
    const [statement, ...more] = statementsOf([claim(), other], 2026, words);
    expect(more).toEqual([]);
    expect(statement?.lines.map(({ day }) => day)).toEqual(['2026-01-10', '2026-03-01']);
    expect(statement?.total).toEqual({ billed: 1_700, insurer: 720, patient: 280, paid: 0 });
    expect(statement?.lines[1]).toMatchObject({ what: 'Ramipril 5 mg', reasons: 'it was billed above the price list' });
  });

  it('leaves out other years, what was only asked for, and what was reversed; currencies stand apart', () => {
    const all = [
      claim({ servedAt: '2025-12-31T23:59:59.000Z' }),
      claim({ use: 'preauthorisation' }),
      claim({ state: 'reversed' }),
      claim({ currency: 'CHF' }),
      claim(),
    ];
    expect(statementsOf(all, 2026, words).map(({ currency, lines }) => [currency, lines.length])).toEqual([
      ['CHF', 1],
      ['EUR', 1],
    ]);
    expect(statementsOf(all, 2024, words)).toEqual([]);
  });

  it('counts as paid what the patient or a fund paid and got not back, and never the insurer’s', () => {
    const receipts = [
      receipt({ amount: 200 }),
      receipt({ amount: 50, payer: 'assistance' }),
      receipt({ amount: 20, kind: 'refund' }),
      receipt({ amount: 720, payer: 'insurer' }),
    ];
    expect(paidByPatient(claim({ receipts }))).toBe(230);
    const cash = { amount: 50, by: `prac-${'s'.repeat(26)}`, at: '2026-03-03T10:00:00.000Z' };
    expect(paidByPatient(claim({ receipts, cash }))).toBe(280);
  });

  it('is a table that no spreadsheet takes for a formula', () => {
    const [statement] = statementsOf([claim()], 2026, { ...words, providerOf: () => '=HYPERLINK("x")' });
    const [head, line] = statementCsv(statement as Statement).split('\r\n');
    expect(head).toBe('day,provider,what,currency,billed,insurer,patient,paid,state,reasons');
    expect(line).toContain("'=HYPERLINK");
    expect(line).toContain('EUR,12.00,7.20,2.80,0.00,approved in part');
  });

  it('is a PDF of as many pages as it needs', async () => {
    const many = Array.from({ length: 60 }, () => claim());
    const [statement] = statementsOf(many, 2026, words);
    const { pdf, missing } = await statementPdf(
      statement as Statement,
      { holder: 'Zoë Łukasiewicz', made: '27 Nov 2026' },
      fonts,
    );
    const document = await PDFDocument.load(pdf);
    expect(document.getPageCount()).toBe(4);
    expect(missing).toBe('');
  });
});
