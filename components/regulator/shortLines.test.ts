import { describe, expect, it } from 'vitest';
import type { Shortage } from '#chaincode/model/formulary.ts';
import { findProduct } from '#formulary/products.ts';
import type { ShortProduct } from '#server/formulary/schema.ts';
import type { ShortageRow } from '#server/trace/schema.ts';
import { shortLines } from './shortLines.ts';

const paracetamol = findProduct('MP-32060');
const [small, large] = paracetamol?.packs ?? [];
if (!paracetamol || !small || !large) throw new Error('the formulary lost its paracetamol');

const row = (gtin: string, change: Partial<ShortageRow> = {}): ShortageRow => ({
  ...{ gtin, name: `Packs of ${gtin}`, usable: 10, transit: 0, daily: 1, daysLeft: 10, placesShort: 0, places: 1 },
  ...change,
});
const product = (code: string, change: Partial<ShortProduct> = {}): ShortProduct => ({
  ...{ product: code, usable: 5, dispensed: 20, byStock: true },
  ...change,
});
const declared: Shortage = {
  ...{ product: 'MP-14301', reason: 'A plant stands still', state: 'declared', by: 'prac-a' },
  ...{ at: '2026-11-01T08:00:00.000Z', version: 1 },
};

describe('medicines that are short', () => {
  it('have one line, whatever says so, with the packs that will not last', () => {
    const rows = [row(large.gtin, { daysLeft: 9 }), row(small.gtin, { daysLeft: 2 }), row('04012345678901')];
    const lines = shortLines(rows, [product('MP-32060')]);
    expect(lines.map(({ key, daysLeft, packs }) => [key, daysLeft, packs.length])).toEqual([
      ['MP-32060', 2, 2],
      ['04012345678901', 10, 1],
    ]);
    expect(lines[0]).toMatchObject({ name: 'paracetamol 500 mg tablet', byStock: { usable: 5, dispensed: 20 } });
    expect(lines[1]?.name).toBe('Packs of 04012345678901');
  });

  it('leave out what lasts, and keep what is short at some place only', () => {
    const lasting = row(small.gtin, { daysLeft: 40 });
    expect(shortLines([lasting], [])).toEqual([]);
    expect(shortLines([{ ...lasting, placesShort: 1 }], [])).toHaveLength(1);
    expect(shortLines([{ ...lasting, daysLeft: null }], [])).toEqual([]);
  });

  it('begin with what is declared, which needs no packs', () => {
    const rows = [row(small.gtin, { daysLeft: 0 })];
    const said = product('MP-14301', { usable: 0, dispensed: 0, byStock: false, declared });
    const [first, second] = shortLines(rows, [said]);
    expect(first).toMatchObject({ key: 'MP-14301', declared, packs: [], daysLeft: null });
    expect(first).not.toHaveProperty('byStock');
    expect(second?.key).toBe('MP-32060');
  });

  it('are those of one pack’s medicine where that is asked for', () => {
    const said = [product('MP-14301', { declared }), product('MP-32060')];
    expect(shortLines([], said, small.gtin).map(({ key }) => key)).toEqual(['MP-32060']);
  });
});
