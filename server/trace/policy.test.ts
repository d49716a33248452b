import { describe, expect, it } from 'vitest';
import type { EpcisEvent } from '#epcis/event.ts';
import { AppError } from '#server/errors.ts';
import type { Actor, Role } from '../people/schema.ts';
import { allowCapture, allowRecall } from './policy.ts';

const actor = (role: Role, institutionId = 'inst-nordvita'): Actor => ({
  ...{ personId: 'p', sessionId: 's', role, name: 'N', subjectId: `prac-${'d'.repeat(26)}`, institutionId },
  ...{ institutionName: null, mspId: 'SupplyMSP', enrolled: true },
});
const event = (bizStep?: string): EpcisEvent => ({
  ...{ type: 'ObjectEvent', action: 'OBSERVE', epcList: ['https://id.gs1.org/00/395060001343520018'] },
  ...{ eventTime: '2027-01-10T12:00:00Z', eventTimeZoneOffset: '+00:00' },
  ...(bizStep === undefined ? {} : { bizStep }),
});
const product = {
  ...{ gtin: '09506000134352', name: 'Metformin', maker: 'inst-nordvita', prefixLength: 7 },
  ...{ channel: 'supply-0', mapVersion: 1 },
};

function answerOf(work: () => void): string {
  try {
    work();
    return 'allowed';
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}
const may = (role: Role, ...steps: (string | undefined)[]) =>
  answerOf(() => allowCapture(actor(role), steps.map(event)));

describe('what each role records', () => {
  it('leaves making to suppliers and handing out to pharmacists', () => {
    expect(may('supplier', 'commissioning', 'packing', 'shipping', 'receiving', 'destroying')).toBe('allowed');
    expect(may('pharmacist', 'receiving', 'dispensing', 'shipping', 'decommissioning')).toBe('allowed');
    expect(may('pharmacist', 'commissioning')).toBe('FORBIDDEN');
    expect(may('supplier', 'dispensing')).toBe('FORBIDDEN');
    expect(may('supplier', 'retail_selling')).toBe('FORBIDDEN');
  });

  it('knows a step however it is written', () => {
    expect(may('supplier', 'https://ref.gs1.org/cbv/BizStep-dispensing')).toBe('FORBIDDEN');
    expect(may('pharmacist', 'urn:epcglobal:cbv:bizstep:commissioning')).toBe('FORBIDDEN');
  });

  it('refuses a capture for one event of it', () => {
    expect(may('pharmacist', 'receiving', 'commissioning')).toBe('FORBIDDEN');
  });

  it('lets the authority hold and release, and nothing else', () => {
    expect(may('regulator', 'holding', 'storing')).toBe('allowed');
    for (const step of ['shipping', 'receiving', 'commissioning', 'destroying', undefined]) {
      expect(may('regulator', step)).toBe('FORBIDDEN');
    }
  });
});

describe('who recalls', () => {
  const recalls = (role: Role, institutionId: string, channel = 'supply-0') =>
    answerOf(() => allowRecall(actor(role, institutionId), product, channel));

  it('is the maker, or the authority', () => {
    expect(recalls('supplier', 'inst-nordvita')).toBe('allowed');
    expect(recalls('regulator', 'inst-medicines-authority')).toBe('allowed');
    expect(recalls('supplier', 'inst-central-depot')).toBe('FORBIDDEN');
    expect(recalls('pharmacist', 'inst-nordvita')).toBe('FORBIDDEN');
  });

  it('is on the ledger of the product', () => {
    expect(recalls('supplier', 'inst-nordvita', 'supply-1')).toBe('WRONG_CHANNEL');
  });
});
