import { describe, expect, it } from 'vitest';
import type { Looked } from '#server/supply/schema.ts';
import { faultOf, toMakerOnly, type Use } from './judge.ts';

const own = 'inst-central-depot';
const now = Date.parse('2027-01-10T12:00:00Z');
const pack: Looked = {
  item: { kind: 'pack', gtin: '09506000134352', serial: 'A1' },
  ...{ known: true, channels: ['supply-0'], state: 'active', holder: own, holderName: 'Central Depot' },
  ...{ containers: [], recalls: [], contents: [], excursions: 0, expiry: '2027-06-30' },
};
const why = (use: Use, change: Partial<Looked> = {}) => faultOf(use, { ...pack, ...change }, own, now)?.why ?? 'fine';

describe('what may be done with a pack', () => {
  it('lets its holder pack, ship, return, hold and write it off', () => {
    for (const use of ['pack', 'ship', 'return', 'hold', 'decommission', 'destroy', 'steal'] as const) {
      expect(why(use)).toBe('fine');
    }
  });

  it('knows nothing to do with a pack that no ledger knows', () => {
    expect(why('receive', { known: false })).toBe('unknown');
  });

  it('names who holds it and to whom it is on its way', () => {
    const other = { holder: 'inst-nordvita', holderName: 'Nordvita' };
    expect(faultOf('ship', { ...pack, ...other }, own, now)).toEqual({ why: 'otherHolder', who: 'Nordvita' });
    const away = { shippedTo: 'inst-harbour-pharmacy', shippedToName: 'Harbour Pharmacy' };
    expect(faultOf('ship', { ...pack, ...away }, own, now)).toEqual({ why: 'onTheWay', to: 'Harbour Pharmacy' });
  });

  it('moves what is in a case with the case only', () => {
    expect(why('ship', { containers: ['395060001343520018'] })).toBe('inCase');
    expect(why('unpack', { containers: ['395060001343520018'] })).toBe('fine');
    expect(why('unpack')).toBe('notInCase');
  });

  it('ships neither recalled nor expired packs, and takes both back', () => {
    expect(why('ship', { recalls: ['rcl-1'] })).toBe('recalled');
    expect(why('ship', { expiry: '2027-01-09' })).toBe('expired');
    expect(why('ship', { expiry: '2027-01-10' })).toBe('fine');
    expect(why('return', { recalls: ['rcl-1'] })).toBe('fine');
    expect(why('return', { expiry: '2027-01-09' })).toBe('fine');
    expect(why('return', { state: 'quarantined' })).toBe('fine');
  });

  it('sends to their maker alone what nobody may sell', () => {
    expect(toMakerOnly(pack, now)).toBe(false);
    for (const change of [{ recalls: ['rcl-1'] }, { expiry: '2027-01-09' }, { state: 'quarantined' as const }]) {
      expect(toMakerOnly({ ...pack, ...change }, now)).toBe(true);
    }
  });

  it('releases what is in quarantine, and nothing else', () => {
    expect(why('release', { state: 'quarantined' })).toBe('fine');
    expect(why('release')).toBe('notHeld');
    expect(why('ship', { state: 'quarantined' })).toBe('notActive');
  });

  it('undoes what left, but not what a patient has', () => {
    expect(why('undo', { state: 'decommissioned' })).toBe('fine');
    expect(why('undo', { state: 'dispensed' })).toBe('handedOver');
    expect(why('undo')).toBe('notOut');
  });

  it('receives what was sent to the institution, once', () => {
    const sent = { holder: 'inst-nordvita', shippedTo: own };
    expect(why('receive', sent)).toBe('fine');
    expect(why('receive', { ...sent, shippedTo: 'inst-harbour-pharmacy' })).toBe('otherParty');
    expect(why('receive')).toBe('here');
    expect(why('receive', { holder: 'inst-nordvita' })).toBe('otherParty');
  });
});
