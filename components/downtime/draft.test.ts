import { describe, expect, it } from 'vitest';
import { products } from '#formulary/products.ts';
import { type Draft, type DraftFault, emptyDraft, entryOf, withPack } from './draft.ts';
import { downtimeEntry } from './entry.ts';
import { pack } from './testing.ts';

const at = { site: '0950600013430', by: 'Rosa Méndez', now: new Date('2026-11-27T10:00:00Z') };
const today = '2026-11-27';
const code = (serial: string, gtin = pack.gtin, expiry = '271231') => `(01)${gtin}(17)${expiry}(10)LOT7(21)${serial}`;
const other = products.find(({ name }) => name === 'naproxen')?.packs[0]?.gtin ?? '';

const filled: Draft = {
  ...emptyDraft,
  ...{ code: 'XXXX', name: 'Jonas Lind', birthDate: '1968-03-14', saidName: true, saidBirthDate: true },
  ...{ product: 'MP-30031', packs: [pack] },
};

describe('a hand-over that is written down', () => {
  it('holds what the packs hold, now, when nothing else is said', () => {
    const made = entryOf(filled, at);
    if ('fault' in made) throw new Error(made.fault);
    expect(downtimeEntry.parse(made.entry)).toMatchObject({ quantity: 24, at: '2026-11-27T10:00:00.000Z' });
  });

  it.each([
    ['code', { code: '' }],
    ['medicine', { product: '', packs: [] }],
    ['controlled', { product: products.find(({ controlled }) => controlled)?.code ?? '', packs: [] }],
    ['patient', { saidName: false }],
    ['patient', { saidBirthDate: false }],
    ['patient', { name: ' ' }],
    ['patient', { birthDate: '' }],
    ['quantity', { quantity: '0' }],
    ['quantity', { quantity: '1.5' }],
    ['tooFew', { quantity: '25' }],
    ['without', { packs: [], quantity: '6' }],
    ['when', { when: '2026-11-28T10:00' }],
  ] as [DraftFault, Partial<Draft>][])('is not taken without its %s', (fault, change) => {
    expect(entryOf({ ...filled, ...change }, at)).toEqual({ fault });
  });

  it('may hold more than its packs where a reason says why', () => {
    expect(entryOf({ ...filled, quantity: '30', without: 'opened' }, at)).toHaveProperty('entry');
  });
});

describe('a pack that is scanned without a ledger', () => {
  it('makes its product the medicine, and keeps what its label says', () => {
    const made = withPack(emptyDraft, code('A1'), today);
    expect(made).toMatchObject({
      draft: { product: 'MP-30031', packs: [{ serial: 'A1', batch: 'LOT7', expiry: '2027-12-31' }] },
    });
  });

  it.each([
    ['twice', code('S1')],
    ['other', code('A1', other)],
    ['expired', code('A1', pack.gtin, '261126')],
    ['case', '(00)095060001343520017'],
  ])('is refused as %s', (why, read) => {
    const made = withPack(filled, read, today);
    expect(made).toMatchObject({ refused: { why } });
  });

  it('counts on its last day', () => {
    expect(withPack(filled, code('A1', pack.gtin, '261127'), today)).toHaveProperty('draft');
  });
});
