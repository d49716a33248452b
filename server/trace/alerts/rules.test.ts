import { describe, expect, it } from 'vitest';
import type { Fact, Step } from '../../supplyIndexer/fact.ts';
import type { PackRow, ShipmentRow, SiteRow } from '../../supplyIndexer/state.ts';
import { depot, gtin, hill, hour, maker, places, river } from '../../testing/suppliedWorld.ts';
import { rules } from './catalogue.ts';
import type { Judged, Subject } from './rule.ts';
import { historyBefore } from './unusualVolume.ts';

const sites = new Map(
  places.map(({ id, site, latitude, longitude }): [string, SiteRow] => [
    site,
    { gln: site, institutionId: id, name: id, latitude: Number(latitude), longitude: Number(longitude) },
  ]),
);

const named = { role: 'epc', epc: 'x', thing: { kind: 'pack', gtin, serial: 'S1' } } as const;

function factOf(extra: Partial<Fact>): Fact {
  return {
    ...{ channel: 'supply-0', block: 7, place: 0, transactionId: 't', hash: 'h', declaration: false, eventId: 'e' },
    ...{ type: 'ObjectEvent', action: 'OBSERVE', bizStep: null, disposition: null, zoneOffset: '+00:00' },
    ...{ eventTime: hour(30), recordTime: hour(30), readPoint: river.site, bizLocation: null, by: 'prac-x' },
    ...{ party: river.id, destination: null, outcome: 'accepted', code: null, detail: null, alerts: [] },
    ...{ step: 'note', named: [named], celsius: [], sensed: new Set<string>(), made: null, body: {} },
    ...extra,
  };
}

const row: PackRow = {
  ...{ gtin, serial: 'S1', batch: 'B1', expiry: '2027-06-30', state: 'active', channel: 'supply-0' },
  ...{ holder: river.id, site: river.site, parent: null, shippedTo: null, shipment: null },
  ...{ seenSite: river.site, seenAt: hour(20), excursions: 0, leftDay: null },
};
const subjectOf = (extra: Partial<Subject> = {}): Subject => ({
  ...{ item: { kind: 'pack', row }, state: 'active', holder: river.id, site: river.site, shippedTo: null },
  ...{ seenSite: river.site, seenAt: hour(20), packs: 1 },
  ...extra,
});

interface Case {
  fact?: Partial<Fact>;
  subject?: Partial<Subject> | null;
  receipts?: ShipmentRow[];
  /** Packs of the days before, newest first, and of the day itself with this event's one. */
  days?: number[];
  today?: number;
  packs?: number;
}

function judgedOf({ fact = {}, subject = {}, receipts = [], days = [], today = 0, packs = 1 }: Case): Judged {
  const made = factOf(fact);
  const back = historyBefore('2026-06-02');
  return {
    fact: made,
    subjects: subject === null ? [] : [subjectOf(subject)],
    effects: { receipts, dispensed: today === 0 ? [] : [{ site: river.site, gtin, packs }] },
    siteOf: (gln) => sites.get(gln),
    packsDispensed: (_, __, day) => (day === '2026-06-02' ? today : (days[back.indexOf(day)] ?? 0)),
  };
}

const refused = (step: Step, code: string, party = hill.id): Partial<Fact> => ({
  ...{ outcome: 'refused', step, code, party, readPoint: party === hill.id ? hill.site : river.site },
});
const shipment = (received: number): ShipmentRow => ({
  ...{ shipment: 'e', channel: 'supply-0', fromSite: depot.site, fromParty: depot.id, toParty: river.id },
  ...{ items: 3, received, packs: 3, sentAt: hour(1), receivedAt: hour(2) },
});
const steady = Array.from({ length: 28 }, () => 10);
const uneven = Array.from({ length: 28 }, (_, day) => (day % 2 === 0 ? 0 : 40));

const cases: Record<string, { raises: Record<string, Case>; leaves: Record<string, Case> }> = {
  duplicateSerial: {
    raises: {
      'a serial that is commissioned again': { fact: refused('commission', 'ALREADY_EXISTS', maker.id) },
      'a pack that is dispensed after it was': {
        ...{ fact: refused('dispense', 'WRONG_STATE'), subject: { state: 'dispensed' } },
      },
      'a pack that is decommissioned twice': {
        ...{ fact: refused('decommission', 'WRONG_STATE', river.id), subject: { state: 'decommissioned' } },
      },
      'a pack that is doubted by who dispensed it': {
        ...{ fact: refused('hold', 'WRONG_STATE', river.id), subject: { state: 'dispensed' } },
      },
      'a pack that is doubted by who never received it': { fact: refused('hold', 'HELD_BY_ANOTHER') },
      'a pack in the hand of who never received it': { fact: refused('dispense', 'HELD_BY_ANOTHER') },
    },
    leaves: {
      'a pack that its holder sets apart': { fact: { step: 'hold' } },
      'a pack that is dispensed once': { fact: { step: 'dispense' } },
      'a pack that is quarantined': { fact: refused('dispense', 'WRONG_STATE'), subject: { state: 'quarantined' } },
      'an undoing that comes too late': {
        ...{ fact: refused('undo', 'WRONG_STATE'), subject: { state: 'dispensed' } },
      },
      'a receipt by another, which breaks custody': { fact: refused('receive', 'HELD_BY_ANOTHER') },
    },
  },
  brokenCustody: {
    raises: {
      'shipped by who does not hold it': { fact: refused('ship', 'HELD_BY_ANOTHER') },
      'received by whom it was not shipped to': { fact: refused('receive', 'NOT_AUTHORISED') },
      'a number that nobody commissioned': { fact: refused('dispense', 'NOT_FOUND'), subject: null },
    },
    leaves: {
      'a receipt that is in order': { fact: { step: 'receive' } },
      'a malformed shipment': { fact: refused('ship', 'INVALID_ARGUMENT') },
      'a recalled shipment': { fact: refused('ship', 'RECALLED') },
    },
  },
  impossibleTravel: {
    raises: {
      '1,400 km in an hour': { fact: { readPoint: hill.site }, subject: { seenAt: hour(29) } },
      '1,400 km back in time': { fact: { readPoint: hill.site }, subject: { seenAt: hour(31) } },
      'a refused copy far away': { fact: refused('dispense', 'HELD_BY_ANOTHER'), subject: { seenAt: hour(30) } },
    },
    leaves: {
      '1,400 km in ten hours': { fact: { readPoint: hill.site }, subject: { seenAt: hour(20) } },
      'the same place at once': { subject: { seenAt: hour(30) } },
      'a place that nobody knows': { fact: { readPoint: '0000000000000' }, subject: { seenAt: hour(30) } },
      'what nobody saw before': { fact: { readPoint: hill.site }, subject: { seenSite: null, seenAt: null } },
    },
  },
  excursion: {
    raises: { 'a reading out of limits': { fact: { alerts: ['excursion'], celsius: [11.4, 5] } } },
    leaves: {
      'readings within limits': { fact: { celsius: [5] } },
      'a refused event': { fact: { ...refused('note', 'HELD_BY_ANOTHER'), alerts: ['excursion'] } },
    },
  },
  expiredOrRecalled: {
    raises: {
      'an expired pack at the counter': { fact: refused('dispense', 'EXPIRED') },
      'a recalled pack that is to be shipped': { fact: refused('ship', 'RECALLED') },
      'a recalled pack that arrives': { fact: { step: 'receive', alerts: ['recalled'] } },
    },
    leaves: {
      'a pack that may be dispensed': { fact: { step: 'dispense' } },
      'an excursion': { fact: { alerts: ['excursion'] } },
      'another refusal': { fact: refused('dispense', 'HELD_BY_ANOTHER') },
    },
  },
  unusualVolume: {
    raises: {
      'the pack that passes the limit': { days: steady, today: 20 },
      'a delivery that passes it at once': { days: steady, today: 60, packs: 50 },
      'far above an uneven history': { days: uneven, today: 101 },
    },
    leaves: {
      'what is usual': { days: steady, today: 12 },
      'few packs, however unusual': { days: Array.from({ length: 28 }, () => 1), today: 19 },
      'a day that has been told of': { days: steady, today: 25 },
      'within an uneven history': { days: uneven, today: 90 },
      'a place that has just begun': { days: [10, 10, 10], today: 500, packs: 500 },
    },
  },
  partialReceipt: {
    raises: { 'one of three': { fact: { step: 'receive' }, receipts: [shipment(1)] } },
    leaves: { 'all of three': { fact: { step: 'receive' }, receipts: [shipment(3)] }, 'no receipt': {} },
  },
};

describe.each(rules)('the rule $id', (rule) => {
  const { raises = {}, leaves = {} } = cases[rule.id] ?? {};

  it('says what it finds and by which rule of the field', () => {
    expect(rule.description.length).toBeGreaterThan(40);
    expect(rule.source).toMatch(/EU|EC|DSCSA|GS1/);
    expect(Object.keys(raises).length * Object.keys(leaves).length).toBeGreaterThan(0);
  });

  it.each(Object.entries(raises))('raises: %s', (_, one) => {
    expect(rule.judge(judgedOf(one))).toHaveLength(1);
  });

  it.each(Object.entries(leaves))('leaves: %s', (_, one) => {
    expect(rule.judge(judgedOf(one))).toEqual([]);
  });
});

it('a receipt of the rest puts a partial receipt right', () => {
  const rule = rules.find(({ id }) => id === 'partialReceipt');
  const keyOf = (received: number) => {
    const judged = judgedOf({ receipts: [shipment(received)] });
    return [rule?.judge(judged).map(({ key }) => key), rule?.settle?.(judged)];
  };
  expect(keyOf(2)).toEqual([['supply-0|e'], []]);
  expect(keyOf(3)).toEqual([[], ['supply-0|e']]);
});
