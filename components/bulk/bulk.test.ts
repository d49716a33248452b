import { describe, expect, it } from 'vitest';
import { eventHash } from '#epcis/hash.ts';
import { withCheckDigit } from '#gs1/checkDigit.ts';
import { type Item, itemKey, type Looked } from '#server/supply/schema.ts';
import { eventsOf, type Known } from './lineEvents.ts';
import { transactionsOf } from './parts.ts';
import { reportCsv, reportOf } from './report.ts';
import { readTable } from './table.ts';

const own = 'inst-nordvita';
const site = '9506000010014';
const depot = '9506000020013';
const [first, second] = ['09506000134352', '09506000134369'];
const sscc = '395060001343520018';
const place = { name: 'P', latitude: '1', longitude: '1', version: 1, institution: 'I' };
const product = (gtin: string, channel: string) => ({
  ...{ gtin, name: `Product of ${channel}`, maker: own, prefixLength: 7, channel, mapVersion: 1 },
});
const basics = {
  ...{ institutionId: own, kind: 'manufacturer', channels: ['supply-0', 'supply-1'] },
  products: [product(first, 'supply-0'), product(second, 'supply-1')],
  sites: [
    { ...place, gln: site, institutionId: own },
    { ...place, gln: depot, institutionId: 'inst-depot' },
  ],
};
const looked = (item: Item, change: Partial<Looked> = {}): Looked => ({
  ...{ item, known: true, channels: ['supply-0'], state: 'active', holder: own, site, containers: [] },
  ...{ excursions: 0, recalls: [], contents: [], expiry: '2029-06-30', ...change },
});
const known = (states: Looked[] = []): Known => ({
  ...{ basics, site, now: Date.parse('2027-01-10T12:00:00Z') },
  looked: (item) => states.find((each) => itemKey(each.item) === itemKey(item)),
});
const lines = (...rows: string[]) => {
  const table = readTable(['step,gtin,serial,sscc,batch,expiry,case,to', ...rows].join('\n'));
  if (table === null) throw new Error('There is no table.');
  expect(table.leftOut).toEqual([]);
  return table.lines;
};
const made = (gtin: string, serial: string) => `commission,${gtin},${serial},,B1,2029-06-30,,`;
const packInto = (gtin: string, serial: string) => `pack,${gtin},${serial},,,,${sscc},`;

describe('lines of a table', () => {
  it('that are alike and follow each other are one event', () => {
    const { entries, leftOut } = eventsOf(
      lines(made(first, 'A'), made(first, 'B'), made(second, 'C'), packInto(first, 'A'), packInto(second, 'C')),
      known(),
    );
    expect(leftOut).toEqual([]);
    expect(entries.map(({ places }) => places)).toEqual([[2, 3], [4], [5, 6]]);
    expect(entries.map(({ event }) => event.bizStep)).toEqual(['commissioning', 'commissioning', 'packing']);
  });

  it('are left out where the ledgers would refuse them as things stand', () => {
    const pack = (serial: string): Item => ({ kind: 'pack', gtin: first, serial });
    const states = [
      looked(pack('A'), { state: 'dispensed' }),
      looked(pack('B')),
      looked(pack('C'), { holder: 'inst-depot', holderName: 'Depot' }),
    ];
    const { entries, leftOut } = eventsOf(
      lines(`hold,${first},A`, `hold,${first},B`, `hold,${first},C`, made(first, 'B')),
      known(states),
    );
    expect(entries.map(({ places }) => places)).toEqual([[3]]);
    expect(leftOut.map(({ place: at, why }) => [at, why])).toEqual([
      [2, 'Not in a state for this.'],
      [4, 'Held by Depot.'],
      [5, 'It stands in the file before.'],
    ]);
  });

  it('are left to the ledgers where an earlier line has changed what they name', () => {
    const unknown = looked({ kind: 'pack', gtin: first, serial: 'A' }, { known: false });
    const rows = lines(made(first, 'A'), `hold,${first},A`);
    expect(eventsOf(rows, known([unknown])).leftOut).toEqual([]);
  });

  it.each([
    [made(withCheckDigit('0950600099999'), 'A'), 'does not make'],
    [`ship,${first},A,,,,,${withCheckDigit('950600099999')}`, 'no registered place'],
    [`ship,${first},A,,,,,${site}`, 'your own institution'],
  ])('%s is left out', (row, why) => {
    expect(eventsOf(lines(row), known()).leftOut).toEqual([{ place: 2, why: expect.stringContaining(why) }]);
  });
});

describe('events of a file', () => {
  it('go to the channels of what they name, a case of several chains to each under one id', async () => {
    const { entries } = eventsOf(
      lines(
        ...[made(first, 'A'), made(second, 'B'), packInto(first, 'A'), packInto(second, 'B')],
        `ship,,,${sscc},,,,${depot}`,
      ),
      known(),
    );
    const { plan, parts } = await transactionsOf(entries, basics, new Map());
    expect(plan.map(({ channel }) => channel)).toEqual(['supply-0', 'supply-1']);
    expect(plan.map(({ events }) => events.map(({ bizStep }) => bizStep))).toEqual([
      ['commissioning', 'packing', 'shipping'],
      ['commissioning', 'packing', 'shipping'],
    ]);
    const [here, there] = plan.map(({ events }) => events[1]);
    expect(here?.eventID).toBe(there?.eventID);
    expect(here && there && eventHash(here)).not.toBe(there && eventHash(there));
    expect(here).toMatchObject({ childEPCs: [`https://id.gs1.org/01/${first}/21/A`] });
    expect(parts.map((own) => own.map(({ entry }) => entry))).toEqual([
      [0, 2, 3],
      [1, 2, 3],
    ]);
  });

  it('are at most 500 in a transaction, and keep their order', async () => {
    const states = Array.from({ length: 1_200 }, (_, index) => `hold,${first},S${index}`);
    const { entries } = eventsOf(lines(...states), known());
    const single = entries.flatMap(({ event }) =>
      'epcList' in event ? (event.epcList ?? []).map((epc) => ({ ...event, epcList: [epc] })) : [],
    );
    const file = single.map((event, index) => ({ places: [index + 1], event }));
    const { plan, parts } = await transactionsOf(file, basics, new Map());
    expect(plan.map(({ events }) => events.length)).toEqual([500, 500, 200]);
    expect(parts.flat().map(({ entry }) => entry)).toEqual(file.map((_, index) => index));
  });
});

describe('a report', () => {
  it('says of each line what became of it, on every channel', async () => {
    const { entries } = eventsOf(
      lines(made(first, 'A'), made(second, 'B'), packInto(first, 'A'), packInto(second, 'B')),
      known(),
    );
    const { plan, parts } = await transactionsOf(entries, basics, new Map());
    const accepted = { hash: '', outcome: 'accepted' as const };
    const refused = { hash: '', outcome: 'refused' as const, code: 'HELD_BY_ANOTHER' as const, detail: '=1+1' };
    const recorded = plan.map(({ channel }) => ({
      channel,
      outcomes: channel === 'supply-0' ? [accepted, refused] : [accepted, accepted],
    }));
    const file = { name: 'a.csv', kind: 'line' as const, entries, leftOut: [{ place: 9, why: '=cmd' }] };
    const rows = reportOf(file, parts, recorded, {});
    expect(rows.map(({ place: at, outcome }) => [at, outcome])).toEqual([
      [2, 'accepted'],
      [3, 'accepted'],
      [4, 'partly'],
      [5, 'partly'],
      [9, 'leftOut'],
    ]);
    expect(rows[2]?.why).toBe('it is in another’s hands: =1+1');
    const csv = reportCsv(rows, 'line');
    expect(csv.split('\r\n')).toHaveLength(6);
    expect(csv).toMatch(/9,not sent,,"?'=cmd"?$/);
  });
});
