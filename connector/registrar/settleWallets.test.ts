import { beforeEach, expect, it } from 'vitest';
import type { ConnectorError } from '../errors.ts';
import { createFakeLedger, type FakeLedger } from '../testing/ledger.ts';
import { practitionerId, readingKey, wallet } from '../testing/requests.ts';
import type { EnrolmentOffice } from './enrol.ts';
import type { Prescribers } from './prescribers.ts';
import { settleWallets } from './settleWallets.ts';

const linked = `0x${'11'.repeat(20)}`;
const former = `0x${'22'.repeat(20)}`;
let ledger: FakeLedger;
let settled: (readonly string[])[][];
const prescribers: Prescribers = {
  admit: async () => {
    throw new Error('a linked wallet gets no gas');
  },
  settle: async (granted, revoked) => {
    settled.push([granted, revoked]);
  },
};

beforeEach(() => {
  settled = [];
  ledger = createFakeLedger();
  const keys = { signingKeyHash: 'a'.repeat(64), readingKey, wallet, linkedWallets: [linked], formerWallets: [former] };
  ledger.practitioner = { ...ledger.practitioner, keys };
});

const settle = (change: { mspId?: string; subjectId?: string } = {}) => {
  const office = { ledger } as unknown as EnrolmentOffice;
  const offices = new Map(['HospitalMSP', 'PharmacyMSP'].map((mspId) => [mspId, office]));
  return settleWallets(offices, prescribers, { mspId: 'HospitalMSP', subjectId: practitionerId, ...change });
};
const refused = (change: { mspId?: string; subjectId?: string }) =>
  settle(change).then(
    () => 'nothing',
    (error: ConnectorError) => error.code,
  );

it('grants to the linked wallets of an active doctor and takes from the former ones', async () => {
  expect(await settle()).toEqual({ linked: [linked], prescribing: [linked] });
  expect(settled).toEqual([[[linked], [former]]]);
});

it.each([{ status: 'suspended' }, { status: 'revoked' }, { role: 'admin' }])('grants nothing to %j', async (change) => {
  ledger.practitioner = { ...ledger.practitioner, ...change };
  await settle();
  expect(settled).toEqual([[[], [former]]]);
});

it('has nothing to do for a doctor who linked nothing', async () => {
  ledger.practitioner = { ...ledger.practitioner, keys: undefined };
  expect(await settle()).toEqual({ linked: [], prescribing: [] });
  expect(settled).toEqual([[[], []]]);
});

it('refuses an organisation without a registrar, another organisation’s doctor, and an unknown person', async () => {
  expect(await refused({ mspId: 'SupplyMSP' })).toBe('NOT_SERVED');
  expect(await refused({ mspId: 'PharmacyMSP' })).toBe('NOT_AUTHORISED');
  expect(await refused({ subjectId: `prac-${'z'.repeat(26)}` })).toBe('NOT_FOUND');
  expect(settled).toEqual([]);
});
