import { randomUUID } from 'node:crypto';
import type { CaptureOutcome, RecallArgument, TraceCaptured } from '#chaincode/model/trace.ts';
import { withCheckDigit } from '#gs1/checkDigit.ts';
import type { Block, BlockTransaction } from '../gateways/ledger/blocks.ts';

/** EPCIS events and blocks of a supply channel as tests need them; what the contract would say of each is told by the test. */

const link = 'https://id.gs1.org';
export const packEpc = (gtin: string, serial: string) => `${link}/01/${gtin}/21/${encodeURIComponent(serial)}`;
export const containerEpc = (sscc: string) => `${link}/00/${sscc}`;
export const placeId = (gln: string) => `${link}/414/${gln}`;
const partyId = (gln: string) => `${link}/417/${gln}`;

/** The number with its check digit. */
export const gtinOf = (number: number) => withCheckDigit(`0950600${String(number).padStart(6, '0')}`);
export const glnOf = (number: number) => withCheckDigit(`950600${String(number).padStart(6, '0')}`);
export const ssccOf = (number: number) => withCheckDigit(`0950600${String(number).padStart(10, '0')}`);

export interface SampleEvent {
  type: string;
  eventTime: string;
  [name: string]: unknown;
}

const base = (at: Date, site: string, bizStep: string) => ({
  ...{ eventID: `urn:uuid:${randomUUID()}`, eventTime: at.toISOString(), eventTimeZoneOffset: '+01:00', bizStep },
  ...{ readPoint: { id: placeId(site) }, bizLocation: { id: placeId(site) } },
});

export const sample = {
  commission: (at: Date, site: string, epcs: string[], batch: string, expiry: string): SampleEvent => ({
    ...{ type: 'ObjectEvent', action: 'ADD', epcList: epcs, disposition: 'active' },
    ...{ ...base(at, site, 'commissioning') },
    ilmd: { 'cbvmda:lotNumber': batch, 'cbvmda:itemExpirationDate': expiry },
  }),
  pack: (at: Date, site: string, parent: string, children: string[]): SampleEvent => ({
    ...{ type: 'AggregationEvent', action: 'ADD', parentID: parent, childEPCs: children },
    ...base(at, site, 'packing'),
  }),
  unpack: (at: Date, site: string, parent: string, children: string[] = []): SampleEvent => ({
    ...{ type: 'AggregationEvent', action: 'DELETE', parentID: parent, childEPCs: children },
    ...base(at, site, 'unpacking'),
  }),
  ship: (at: Date, site: string, epcs: string[], to: string): SampleEvent => ({
    ...{ type: 'ObjectEvent', action: 'OBSERVE', epcList: epcs, disposition: 'in_transit' },
    ...base(at, site, 'shipping'),
    destinationList: [{ type: 'possessing_party', destination: partyId(to) }],
  }),
  /** Any other ObjectEvent. */
  object: (at: Date, site: string, epcs: string[], bizStep: string, extra: object = {}): SampleEvent => ({
    ...{ type: 'ObjectEvent', action: 'OBSERVE', epcList: epcs },
    ...base(at, site, bizStep),
    ...extra,
  }),
};

export const receive = (at: Date, site: string, epcs: string[]) => sample.object(at, site, epcs, 'receiving');
export const dispense = (at: Date, site: string, epcs: string[]) =>
  sample.object(at, site, epcs, 'dispensing', { disposition: 'dispensed' });

export type Decision = Partial<Pick<CaptureOutcome, 'outcome' | 'code' | 'detail' | 'alerts' | 'declaration' | 'hash'>>;

let count = 0;
const next = () => (++count).toString(16).padStart(64, '0');
export const newHash = () => `ni:///sha-256;${next()}?ver=CBV2.0`;

/** A transaction that captures events in the name of an institution; all accepted where nothing is told. */
export function captureOf(
  institutionId: string,
  at: Date,
  events: (SampleEvent | [SampleEvent, Decision])[],
): BlockTransaction {
  const told = events.map((entry): [SampleEvent, Decision] => (Array.isArray(entry) ? entry : [entry, {}]));
  const outcomes = told.map(([, decision]): CaptureOutcome => ({ hash: newHash(), outcome: 'accepted', ...decision }));
  const payload: TraceCaptured = { at: at.toISOString(), by: `prac-${'s'.repeat(26)}`, institutionId, outcomes };
  return transactionOf(
    at,
    'capture',
    told.map(([event]) => event),
    { name: 'TraceCaptured', payload },
  );
}

export function recallOf(institutionId: string, at: Date, recall: RecallArgument): BlockTransaction {
  const { id, gtin } = recall;
  const payload = {
    ...{ id, gtin, change: 'recall', state: 'active', version: 1 },
    ...{ at: at.toISOString(), by: `prac-${'s'.repeat(26)}`, institutionId },
  };
  return transactionOf(at, 'recall', recall, { name: 'RecallChanged', payload });
}

function transactionOf(
  at: Date,
  name: string,
  argument: unknown,
  event: { name: string; payload: unknown },
): BlockTransaction {
  const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));
  return {
    ...{ transactionId: next(), at, valid: true, contract: 'supply', endorsers: ['RegulatorMSP', 'SupplyMSP'] },
    args: [Buffer.from(name), bytes(argument)],
    event: { name: event.name, payload: bytes(event.payload) },
  };
}

export const blockOf = (number: number, ...transactions: BlockTransaction[]): Block => ({
  ...{ number: BigInt(number), transactions, unreadable: 0 },
});
