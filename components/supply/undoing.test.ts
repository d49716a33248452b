import { describe, expect, it } from 'vitest';
import { decommissioned } from '#epcis/write.ts';
import type { LeftPack, Looked, Undoable } from '#server/supply/schema.ts';
import { faultOfUndoing, refusalOf, type UndoFault, undoneUntil } from './undoing.ts';

const own = 'inst-harbour-pharmacy';
const site = '9506000030012';
const here = { institutionId: own, site };
const gtin = '09506000134352';
const at = '2027-01-10T12:00:00.000Z';
const now = Date.parse('2027-01-12T12:00:00Z');
const event = decommissioned({ at: new Date(at), timeZoneOffset: '+01:00', site }, [
  { gtin, serial: 'A1' },
  { gtin, serial: 'A2' },
]);
const eventHash = event.eventID ?? '';

const looked = (serial: string, change: Partial<Looked> = {}): Looked => ({
  ...{ item: { kind: 'pack', gtin, serial }, known: true, channels: ['supply-0'], state: 'decommissioned' },
  ...{ holder: own, site, containers: [], excursions: 0, recalls: [], contents: [], expiry: '2028-06-30' },
  ...change,
});
const pack = (serial: string, change: Partial<Looked> = {}, left: Partial<LeftPack['left']> = {}): LeftPack => ({
  looked: looked(serial, change),
  left: { at, site, institutionId: own, eventHash, step: 'decommission', ...left },
});
const undoable = (change: Partial<Undoable> = {}): Undoable => ({
  ...{ asked: pack('A1'), event, packs: [pack('A1'), pack('A2')] },
  ...change,
});

describe('a pack that was taken out', () => {
  it('goes back within ten days, at the place where it was', () => {
    expect(faultOfUndoing(pack('A1'), here, now)).toBeNull();
    expect(undoneUntil({ at })).toBe(Date.parse('2027-01-20T12:00:00.000Z'));
    expect(faultOfUndoing(pack('A1'), here, undoneUntil({ at }) - 1)).toBeNull();
  });

  it.each<[UndoFault, LeftPack, number?]>([
    ['unknown', { looked: looked('A1', { known: false }) }],
    ['handedOver', pack('A1', { state: 'dispensed' }, { step: 'dispense' })],
    ['stolen', pack('A1', { state: 'stolen' })],
    ['destroyed', pack('A1', { state: 'destroyed' })],
    ['notOut', { looked: looked('A1', { state: 'active' }) }],
    ['otherInstitution', pack('A1', {}, { institutionId: 'inst-old-town-pharmacy' })],
    ['otherSite', pack('A1', {}, { site: '9506000030029' })],
    ['tooLate', pack('A1'), undoneUntil({ at })],
    ['recalled', pack('A1', { recalls: ['rcl-1'] })],
    ['expired', pack('A1', { expiry: '2027-01-11' })],
  ])('does not where it is %s', (fault, left, when = now) => {
    expect(faultOfUndoing(left, here, when)).toBe(fault);
  });
});

describe('a decommissioning', () => {
  it('is taken back with all of its packs', () => {
    expect(refusalOf(undoable(), here, now)).toBeNull();
  });

  it('is not where one of its packs cannot go back, and says which', () => {
    const handed = pack('A2', { state: 'dispensed' });
    expect(refusalOf(undoable({ packs: [pack('A1'), handed] }), here, now)).toEqual({
      ...{ fault: 'handedOver', pack: handed },
    });
    const again = pack('A2', {}, { eventHash: eventHash.replace(/;...../, ';00000') });
    expect(refusalOf(undoable({ packs: [pack('A1'), again] }), here, now)?.fault).toBe('notOut');
  });

  it('waits until its event is known, and takes no other for it', () => {
    const { event: _, ...without } = undoable();
    expect(refusalOf(without, here, now)?.fault).toBe('notYet');
    const other = { ...event, eventTime: '2027-01-10T13:00:00.000Z' };
    expect(refusalOf(undoable({ event: other }), here, now)?.fault).toBe('altered');
  });
});
