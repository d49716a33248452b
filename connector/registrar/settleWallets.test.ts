import { beforeEach, expect, it } from 'vitest';
import type { ConnectorError } from '../errors.ts';
import { createFakeLedger, type FakeLedger } from '../testing/ledger.ts';
import { licence, practitionerId, readingKey, wallet } from '../testing/requests.ts';
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

it('grants to the wallets of a doctor who may prescribe and takes from the former ones', async () => {
  expect(await settle()).toEqual({ linked: [linked], prescribing: [wallet, linked] });
  expect(settled).toEqual([[[wallet, linked], [former]]]);
});

const lapsed = { ...licence, validTo: '2026-01-02T00:00:00.000Z' };
it.each([{ status: 'suspended' }, { status: 'revoked' }, { role: 'admin' }, { licence: lapsed }])(
  'takes from every wallet of a practitioner with %j',
  async (change) => {
    ledger.practitioner = { ...ledger.practitioner, ...change };
    expect(await settle()).toMatchObject({ prescribing: [] });
    expect(settled).toEqual([[[], [wallet, linked, former]]]);
  },
);

it('takes from every wallet while the institution is suspended, and grants again afterwards', async () => {
  ledger.institution = { ...ledger.institution, status: 'suspended' };
  await settle();
  ledger.institution = { ...ledger.institution, status: 'active' };
  await settle();
  expect(settled).toEqual([
    [[], [wallet, linked, former]],
    [[wallet, linked], [former]],
  ]);
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
