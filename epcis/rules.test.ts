import { expect, test } from 'vitest';
import { checkDocument } from './document.ts';

const now = new Date('2026-11-27T12:00:00Z');
const pack = (serial: string) => `https://id.gs1.org/01/09506000134352/21/${serial}`;
const container = 'https://id.gs1.org/00/095060001343500019';

const common = {
  '@context': [
    'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld',
    { example: 'https://ns.example.com/epcis/' },
  ],
  eventTime: '2026-11-27T08:15:00.000+01:00',
  eventTimeZoneOffset: '+01:00',
};
const seen = { type: 'ObjectEvent', ...common, action: 'OBSERVE', epcList: [pack('1'), pack('2')] };
const packed = { type: 'AggregationEvent', ...common, action: 'ADD', parentID: container, childEPCs: [pack('1')] };
const made = {
  type: 'TransformationEvent',
  ...common,
  inputEPCList: [pack('1')],
  outputEPCList: ['https://id.gs1.org/01/09506000134369/21/1'],
};
const measured = (report: object, metadata: object = {}) => ({
  ...seen,
  sensorElementList: [{ sensorMetadata: metadata, sensorReport: [{ type: 'Temperature', ...report }] }],
});

function check(event: unknown) {
  // What is undefined is left out, as in JSON.
  const { faults, events } = checkDocument(JSON.parse(JSON.stringify(event)), { now });
  return { faults: [...faults, ...(events[0]?.faults ?? [])], remarks: events[0]?.remarks ?? [] };
}

test.each([
  seen,
  packed,
  made,
  measured({ value: 5.5, uom: 'CEL' }),
  measured({ minValue: 36, maxValue: 46, uom: 'FAH' }, { startTime: common.eventTime, endTime: common.eventTime }),
  {
    ...seen,
    epcList: ['urn:epc:id:sgtin:950600.0013435.1', 'https://medicine.example.com/some/01/09506000134352/21/2'],
  },
  { ...seen, epcList: ['https://example.com/assets/17', 'urn:uuid:374d95fc-9457-4a51-bd6a-0bba133845a8'] },
  { ...seen, quantityList: [{ epcClass: 'https://id.gs1.org/01/09506000134352/10/A1', quantity: 1.5, uom: 'KGM' }] },
  { ...seen, bizStep: 'https://example.com/steps/weighing', disposition: 'https://ref.gs1.org/cbv/Disp-in_transit' },
  { ...seen, readPoint: { id: 'geo:52.52,13.405' }, bizLocation: { id: 'urn:epc:id:sgln:950600.013437.7' } },
  { ...seen, 'example:ward': 'A', 'https://example.com/own': 1 },
  { ...packed, action: 'OBSERVE', parentID: undefined },
  { ...packed, action: 'DELETE', childEPCs: undefined },
  { ...made, outputEPCList: [pack('1')] },
])('is in order: %j', (event) => {
  expect(check(event)).toEqual({ faults: [], remarks: [] });
});

test.each([
  [
    'a wrong check digit',
    { ...seen, epcList: [pack('1').replace('4352', '4353')] },
    '/epcList/0',
    'should be 2, not 3. (character 36)',
  ],
  ['a URN that is too short', { ...seen, epcList: ['urn:epc:id:sgtin:950600.001343.1'] }, '/epcList/0', '7 digits'],
  [
    'a class among single things',
    { ...seen, epcList: ['https://id.gs1.org/01/09506000134352/10/A1'] },
    '/epcList/0',
    'names a class',
  ],
  ['a class as parent', { ...packed, parentID: 'urn:epc:idpat:sgtin:950600.0013435.*' }, '/parentID', 'names a class'],
  [
    'one EPC in two forms',
    { ...seen, epcList: [pack('1'), 'urn:epc:id:sgtin:950600.0013435.1'] },
    '/epcList/1',
    'stands at /epcList/0',
  ],
  ['a child that is its parent', { ...packed, childEPCs: [container] }, '/childEPCs/0', 'stands at /parentID'],
  ['packing into nothing', { ...packed, parentID: undefined }, '/parentID', 'has a parent'],
  [
    'a quantity of one pack',
    { ...seen, quantityList: [{ epcClass: pack('1'), quantity: 1 }] },
    '/quantityList/0/epcClass',
    'of a class',
  ],
  [
    'half a pack',
    { ...packed, childQuantityList: [{ epcClass: 'https://id.gs1.org/01/09506000134352', quantity: 0.5 }] },
    '/childQuantityList/0/quantity',
    'whole number',
  ],
  [
    'a unit of nothing',
    { ...made, inputQuantityList: [{ epcClass: 'https://id.gs1.org/01/09506000134352', uom: 'KGM' }] },
    '/inputQuantityList/0/uom',
    'needs a quantity',
  ],
  ['long ago', { ...seen, eventTime: '1899-12-31T23:00:00Z' }, '/eventTime', 'before 1900'],
  ['the day after tomorrow', { ...seen, eventTime: '2026-11-29T12:00:00Z' }, '/eventTime', 'a day ahead'],
  ['recorded later', { ...seen, recordTime: '2027-01-01T00:00:00Z' }, '/recordTime', 'a day ahead'],
  ['an offset beyond all', { ...seen, eventTimeZoneOffset: '+15:00' }, '/eventTimeZoneOffset', 'form'],
  ['an offset without minutes', { ...seen, eventTimeZoneOffset: '+01' }, '/eventTimeZoneOffset', 'form'],
  ['a time without an offset', { ...seen, eventTime: '2026-11-27T08:15:00' }, '/eventTime', 'date-time'],
  ['a step that is none', { ...seen, bizStep: 'weighing' }, '/bizStep', 'neither a term'],
  [
    'a step of the vocabulary that is none',
    { ...seen, bizStep: 'https://ref.gs1.org/cbv/BizStep-weighing' },
    '/bizStep',
    'no term',
  ],
  [
    'a step as disposition',
    { ...seen, disposition: 'https://ref.gs1.org/cbv/BizStep-shipping' },
    '/disposition',
    'no term',
  ],
  ['a URN of the vocabulary', { ...seen, bizStep: 'urn:epcglobal:cbv:bizstep:shipping' }, '/bizStep', 'neither a term'],
  ['a pack as place', { ...seen, readPoint: { id: pack('9') } }, '/readPoint/id', 'by its GLN'],
  [
    'a place as party key',
    { ...seen, bizLocation: { id: 'https://id.gs1.org/417/9506000134376' } },
    '/bizLocation/id',
    'by its GLN',
  ],
  [
    'a GLN that is wrong',
    { ...seen, bizLocation: { id: 'https://id.gs1.org/414/9506000134377' } },
    '/bizLocation/id',
    'should be 6',
  ],
  [
    'a party as location',
    { ...seen, destinationList: [{ type: 'location', destination: 'https://id.gs1.org/417/9506000134376' }] },
    '/destinationList/0/destination',
    'A location',
  ],
  [
    'a pack as party',
    { ...seen, sourceList: [{ type: 'owning_party', source: pack('1') }] },
    '/sourceList/0/source',
    'A party',
  ],
  [
    'a transaction by a wrong key',
    { ...seen, bizTransactionList: [{ bizTransaction: 'urn:epc:id:gdti:950600.1.7' }] },
    '/bizTransactionList/0/bizTransaction',
    '6 digits',
  ],
  ['degrees of nothing', measured({ value: 5 }), '/sensorElementList/0/sensorReport/0/uom', 'has a unit'],
  [
    'degrees in kilograms',
    measured({ value: 5, uom: 'KGM' }),
    '/sensorElementList/0/sensorReport/0/uom',
    'no unit of Temperature',
  ],
  [
    'a unit that is none',
    measured({ value: 5, uom: '°C' }),
    '/sensorElementList/0/sensorReport/0/uom',
    'Recommendation 20',
  ],
  [
    'the highest below the lowest',
    measured({ minValue: 8, maxValue: 2, uom: 'CEL' }),
    '/sensorElementList/0/sensorReport/0/maxValue',
    'below the lowest',
  ],
  [
    'a percentile of 101',
    measured({ percRank: 101, percValue: 5, uom: 'CEL' }),
    '/sensorElementList/0/sensorReport/0/percRank',
    'between 0 and 100',
  ],
  [
    'an end before the start',
    measured({ value: 5, uom: 'CEL' }, { startTime: '2026-11-27T08:00:00Z', endTime: '2026-11-27T07:00:00Z' }),
    '/sensorElementList/0/sensorMetadata/endTime',
    'before the start',
  ],
  ['a prefix of nobody', { ...seen, 'ward:bed': '7' }, '/ward:bed', 'Nobody has declared what ward: stands for'],
  [
    'a prefix of nobody, deep',
    { ...seen, 'example:a': [{ 'ward:bed': '7' }] },
    '/example:a/0/ward:bed',
    'Nobody has declared',
  ],
  ['a member of nobody', { ...seen, ward: '7' }, '/ward', 'neither of EPCIS'],
  ['ILMD of what was made before', { ...seen, ilmd: { 'cbvmda:lotNumber': 'A1' } }, '/ilmd', 'action ADD only'],
  [
    'an error for a reason of nobody',
    { ...seen, errorDeclaration: { declarationTime: common.eventTime, reason: 'oops' } },
    '/errorDeclaration/reason',
    'neither a term',
  ],
  ['two contexts', { ...seen, '@context': ['https://example.com/context'] }, '/@context/0', 'not fetched'],
])('is refused: %s', (_, event, pointer, message) => {
  const { faults } = check(event);
  expect(faults.map((fault) => fault.pointer)).toEqual([pointer]);
  expect(faults[0]?.message).toContain(message);
});

test('a hash of another event is remarked upon, since earlier editions of the algorithm made others', () => {
  const eventID = `ni:///sha-256;${'0'.repeat(64)}?ver=CBV2.0`;
  const { faults, remarks } = check({ ...seen, eventID });
  expect(faults).toEqual([]);
  expect(remarks.map(({ pointer }) => pointer)).toEqual(['/eventID']);
  const due = /ni:\S+CBV2\.0/.exec(remarks[0]?.message ?? '')?.[0];
  expect(check({ ...seen, eventID: due }).remarks).toEqual([]);
});
