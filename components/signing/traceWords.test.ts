import { describe, expect, it } from 'vitest';
import type { EpcisEvent } from '#epcis/event.ts';
import { eventWords, recallScope, thingsOf } from './traceWords.ts';
import { wordsOf } from './wordsOf.ts';

const gtin = '09506000134352';
const pack = (serial: string) => `https://id.gs1.org/01/${gtin}/21/${serial}`;
const sscc = 'https://id.gs1.org/00/395060001343520018';
const depot = '9506000200002';
const names = { [gtin]: 'Metformin 500 mg', [depot]: 'Central Depot' };
const when = { eventTime: '2027-01-10T12:00:00Z', eventTimeZoneOffset: '+00:00' };
const object = (change: Partial<Extract<EpcisEvent, { type: 'ObjectEvent' }>>): EpcisEvent => ({
  ...{ type: 'ObjectEvent', action: 'OBSERVE', ...when, epcList: [pack('A1'), pack('A2'), sscc] },
  ...change,
});
const toDepot = {
  destinationList: [
    { type: 'location', destination: 'https://id.gs1.org/414/9506000300009' },
    { type: 'possessing_party', destination: `https://id.gs1.org/417/${depot}` },
  ],
};

describe('the sentence before a capture is signed', () => {
  it('counts packs by product, and cases', () => {
    expect(thingsOf([pack('A1'), sscc, pack('A2')], names)).toBe('2 packs of Metformin 500 mg and 1 case');
    expect(thingsOf(['urn:epc:id:sgtin:950600.0013435.A1'], names)).toBe('1 pack of Metformin 500 mg');
    expect(thingsOf(['urn:example:1'], names)).toBe('1 other item');
  });

  it('says to whom something is shipped', () => {
    const words = '2 packs of Metformin 500 mg and 1 case to Central Depot.';
    expect(eventWords(object({ bizStep: 'shipping', ...toDepot }), names)).toBe(`Ship ${words}`);
    const back = object({ bizStep: 'shipping', disposition: 'returned', ...toDepot });
    expect(eventWords(back, names)).toBe(`Return ${words}`);
  });

  it('says batch and last day of what is made', () => {
    const made = object({
      ...{ action: 'ADD', bizStep: 'commissioning', epcList: [pack('A1')] },
      ilmd: { 'cbvmda:lotNumber': 'NV-7', 'cbvmda:itemExpirationDate': '2028-06-30' },
    });
    expect(eventWords(made, names)).toBe(
      'Bring 1 pack of Metformin 500 mg into being: batch NV-7, to be used until 30 Jun 2028.',
    );
  });

  it('says what goes into a case, comes out, and that a case is emptied', () => {
    const packing = { type: 'AggregationEvent' as const, ...when, parentID: sscc, childEPCs: [pack('A1')] };
    expect(eventWords({ ...packing, action: 'ADD' }, names)).toContain('into case 395060001343520018');
    expect(eventWords({ ...packing, action: 'DELETE' }, names)).toContain('Take 1 pack of Metformin 500 mg out of');
    expect(eventWords({ ...packing, action: 'DELETE', childEPCs: [] }, names)).toBe('Empty case 395060001343520018.');
  });

  it('tells an undoing from what it undoes', () => {
    const left = object({ action: 'DELETE', bizStep: 'decommissioning', epcList: [pack('A1')] });
    expect(eventWords(left, names)).toContain('out of the supply chain');
    const errorDeclaration = { declarationTime: when.eventTime, reason: 'did_not_occur' };
    expect(eventWords({ ...left, errorDeclaration }, names)).toContain('Undo');
  });

  it('says that a pack is doubted', () => {
    expect(
      eventWords(object({ bizStep: 'inspecting', disposition: 'no_pedigree_match', epcList: [pack('A1')] }), names),
    ).toMatch(/^Report .* as doubtful/);
  });

  it('names a step that has no sentence of its own', () => {
    expect(eventWords(object({ bizStep: 'loading' }), names)).toContain('“loading”');
  });

  it('says every event, or how many more there are, and never fewer than are signed', () => {
    const events = Array.from({ length: 7 }, (_, index) =>
      object({ bizStep: 'holding', epcList: [pack(`S${index}`)] }),
    );
    const intent = { kind: 'capture' as const, capture: '6f0f4f8e-33a1-4c0c-9d53-2b1f5c0fd8ab', channel: 'supply-0' };
    expect(wordsOf({ ...intent, events }, names)).toContain('And 3 more events');
    expect(wordsOf({ ...intent, events: events.slice(0, 2) }, names).match(/quarantine/g)).toHaveLength(2);
  });
});

describe('the sentence before a recall is signed', () => {
  it('says of what, how far and why', () => {
    const recall = {
      ...{ id: `rcl-${'a'.repeat(26)}`, gtin, batches: ['NV-7', 'NV-8'], reason: 'wrong strength' },
      level: 'patient' as const,
    };
    expect(wordsOf({ kind: 'recall', channel: 'supply-0', recall }, names)).toBe(
      'Recall batch NV-7 and NV-8 of Metformin 500 mg down to patients: from the next block on, nobody ships, sells or hands out any of it. Reason: “wrong strength”',
    );
    expect(recallScope({})).toBe('every pack');
    expect(recallScope({ serials: [{ from: 'A1', to: 'A9' }] })).toBe('serial numbers A1 to A9');
  });
});
