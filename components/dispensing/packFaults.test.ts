import { describe, expect, it } from 'vitest';
import type { Named } from '#components/supply/readThing.ts';
import { interchangeBy } from '#formulary/interchange.ts';
import { findProduct, products } from '#formulary/products.ts';
import type { Looked } from '#server/supply/schema.ts';
import { packFault, packFaultWords } from './packFaults.ts';

const prescribed = findProduct('MP-24021');
const other = products.find(({ name }) => name !== prescribed?.name);
if (prescribed === undefined || other === undefined) throw new Error('the formulary has lost its amoxicillin');
const gtin = prescribed.packs[0]?.gtin ?? '';
const item = { kind: 'pack' as const, gtin, serial: 'S1' };
const named: Named = { item, batch: 'LOT7', expiry: '2027-06-30' };
const looked: Looked = {
  ...{ item, known: true, channels: ['supply-0'], state: 'active', holder: 'inst-own', holderName: 'Own' },
  ...{ containers: [], excursions: 0, batch: 'LOT7', expiry: '2027-06-30', recalls: [], contents: [] },
};
const at = { prescribed, substitutable: true, own: 'inst-own', now: Date.parse('2026-11-27T10:00:00Z') };
const whyOf = (fault: ReturnType<typeof packFault>) => (fault?.why === 'supply' ? fault.fault.why : fault?.why);

describe('a pack at the counter', () => {
  it('fits where it is the prescribed product, in stock here, and as its label says', () => {
    expect(packFault(named, looked, at)).toBeNull();
    expect(packFault({ item }, looked, at)).toBeNull();
    const sizes = prescribed.packs.map((pack) => ({ ...item, gtin: pack.gtin }));
    for (const size of sizes) expect(packFault({ item: size }, { ...looked, item: size }, at)).toBeNull();
  });

  it.each([
    ['unknown', { known: false }],
    ['dispensed', { state: 'dispensed' }],
    ['decommissioned', { state: 'decommissioned' }],
    ['quarantined', { state: 'quarantined' }],
    ['stolen', { state: 'stolen' }],
    ['recalled', { recalls: ['rcl-a'] }],
    ['expired', { expiry: '2026-11-26' }],
    ['otherHolder', { holder: 'inst-other', holderName: 'Other' }],
    ['onTheWay', { shippedTo: 'inst-other' }],
    ['inCase', { containers: ['095060001343528'] }],
  ] as [string, Partial<Looked>][])('is refused as %s', (why, change) => {
    const fault = packFault({ item }, { ...looked, ...change }, at);
    expect(whyOf(fault)).toBe(why);
    expect(fault && packFaultWords(fault)).toMatch(/^[A-Z].{5}/);
  });

  it.each([
    ['case', { item: { kind: 'container' as const, sscc: '095060001343520010' } }],
    ['otherProduct', { item: { ...item, gtin: other.packs[0]?.gtin ?? '' } }],
    ['notInFormulary', { item: { ...item, gtin: '04012345678901' } }],
    ['mismatch', { ...named, batch: 'LOT8' }],
    ['mismatch', { ...named, expiry: '2030-01-01' }],
  ] as [string, Named][])('is refused as %s by its code', (why, code) => {
    expect(whyOf(packFault(code, looked, at))).toBe(why);
  });

  it('says why another product is no substitute', () => {
    const fault = packFault({ item: { ...item, gtin: other.packs[0]?.gtin ?? '' } }, looked, at);
    expect(fault).toMatchObject({ why: 'otherProduct', because: 'substance' });
    expect(fault && packFaultWords(fault)).toMatch(/another active substance/);
  });

  it('is a substitute as far as the formulary’s lists let it be one', () => {
    const [plain, generic] = [findProduct('MP-14301'), findProduct('MP-14303')];
    const pack = { item: { ...item, gtin: generic?.packs[0]?.gtin ?? '' } };
    const here = { ...looked, item: pack.item };
    const asked = { ...at, prescribed: plain };
    const said = (tier: 'tier1' | 'notCovered', group?: string) => ({
      ...asked,
      lists: interchangeBy((code) => (code === generic?.code ? { tier, ...(group && { group }) } : undefined)),
    });
    expect(packFault(pack, here, asked)).toBeNull();
    expect(packFault(pack, here, said('tier1'))).toBeNull();
    expect(packFault(pack, here, said('tier1', 'Others'))).toMatchObject({ because: 'notInterchangeable' });
    const excluded = packFault(pack, here, said('notCovered'));
    expect(excluded).toMatchObject({ why: 'otherProduct', what: 'ramipril 5 mg capsule (Vasolind)' });
    expect(excluded && packFaultWords(excluded)).toMatch(/the formulary excludes it/);
  });

  it('fits nothing where the formulary does not know what was prescribed', () => {
    expect(whyOf(packFault(named, looked, { ...at, prescribed: undefined }))).toBe('notInFormulary');
  });
});
