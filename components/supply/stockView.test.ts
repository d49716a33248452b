import { describe, expect, it } from 'vitest';
import type { StockRow } from '#server/supply/schema.ts';
import { byProduct, daysLeft, expiring, shownStock } from './stockView.ts';

const now = Date.parse('2027-01-10T12:00:00Z');
const row = (change: Partial<StockRow>): StockRow => ({
  ...{ site: '9506000200002', siteName: 'Midway hall', gtin: '09506000134352', product: 'Metformin 500 mg' },
  ...{ batch: 'NV-1', expiry: '2029-01-31', packs: { active: 10 }, recalls: [] },
  ...change,
});
const rows = [
  row({ batch: 'late' }),
  row({ batch: 'soon', expiry: '2027-02-01', packs: { active: 3, transit: 2 } }),
  row({ batch: 'over', expiry: '2027-01-09', packs: { quarantined: 4 } }),
  row({ batch: 'called', recalls: ['rcl-1'], gtin: '2', product: 'Insulin', packs: { active: 1, dispensed: 50 } }),
];
const batches = (search: string, filter: Parameters<typeof shownStock>[2]) =>
  shownStock(rows, search, filter, now).map(({ batch }) => batch);

describe('stock', () => {
  it('counts the days that are left, the last one included', () => {
    expect(daysLeft({ expiry: '2027-01-10' }, now)).toBe(1);
    expect(daysLeft({ expiry: '2027-01-09' }, now)).toBeLessThanOrEqual(0);
    expect(daysLeft({ expiry: '' }, now)).toBeUndefined();
  });

  it('puts first what expires first', () => {
    expect(batches('', 'all')).toEqual(['over', 'soon', 'called', 'late']);
  });

  it('is searched by product, batch and place, in any order', () => {
    expect(batches('midway metf late', 'all')).toEqual(['late']);
    expect(batches('insulin', 'all')).toEqual(['called']);
    expect(batches('nothing', 'all')).toEqual([]);
  });

  it('is filtered by what needs a look', () => {
    expect(batches('', 'soon')).toEqual(['over', 'soon']);
    expect(batches('', 'recalled')).toEqual(['called']);
    expect(batches('', 'aside')).toEqual(['over']);
  });

  it('names batches that expire while there are packs of them to sell', () => {
    expect(expiring(rows, now).map(({ batch }) => batch)).toEqual(['soon']);
  });

  it('sums packs by product; what a patient has or is on its way is no stock', () => {
    expect(byProduct(rows)).toEqual([
      { gtin: '09506000134352', product: 'Metformin 500 mg', packs: 13, aside: 4 },
      { gtin: '2', product: 'Insulin', packs: 1, aside: 0 },
    ]);
  });
});
