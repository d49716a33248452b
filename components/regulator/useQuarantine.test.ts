import { describe, expect, it } from 'vitest';
import type { Looked } from '#server/supply/schema.ts';
import { holdableOf } from './useQuarantine.ts';

const pack = (serial: string, more: Partial<Looked> = {}): Looked => ({
  ...{ item: { kind: 'pack', gtin: '09506001001004', serial }, known: true, channels: ['supply-0'], containers: [] },
  ...{ recalls: [], contents: [], excursions: 0, state: 'active', site: '9506000010013' },
  ...more,
});
const box = (sscc: string): Looked => ({ ...pack(''), item: { kind: 'container', sscc } });
const sscc = '095060000000100005';

describe('what is set aside of things under suspicion', () => {
  it('is each pack that is in stock somewhere, and not those that are gone or set aside already', () => {
    const looked = [
      pack('A'),
      pack('B', { state: 'dispensed' }),
      pack('C', { state: 'quarantined' }),
      { ...pack('D'), known: false },
    ];
    expect(holdableOf(looked).map(({ item }) => item)).toEqual([{ kind: 'pack', gtin: '09506001001004', serial: 'A' }]);
  });

  it('is a case once, with the packs in it', () => {
    expect(holdableOf([pack('A', { containers: [sscc] }), box(sscc)]).map(({ item }) => item.kind)).toEqual([
      'container',
    ]);
    expect(holdableOf([pack('A', { containers: [sscc] })])).toHaveLength(1);
  });
});
