import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ConnectorError } from '../errors.ts';
import { createFakeLedger, type FakeLedger } from '../testing/ledger.ts';
import { practitionerId, readingKey, wallet } from '../testing/requests.ts';
import { followRegistry } from './followRegistry.ts';
import { prescriberRole } from './prescriberRole.ts';

const at = '2026-11-26T12:00:00.000Z';
let ledger: FakeLedger;
let settled: (readonly string[])[][];
let failures: Error[];
let pauses: number[];
let warned: unknown[];
let stop: AbortController;
let following: Promise<void>;

beforeEach(() => {
  [settled, failures, pauses, warned] = [[], [], [], []];
  stop = new AbortController();
  ledger = createFakeLedger();
  const keys = { signingKeyHash: 'a'.repeat(64), readingKey, wallet };
  ledger.practitioner = { ...ledger.practitioner, keys };
});
afterEach(async () => {
  stop.abort();
  await following;
});

function follow(mspId = 'HospitalMSP'): void {
  const prescribers = {
    admit: async () => {},
    settle: async (granted: readonly string[], revoked: readonly string[]) => {
      const failure = failures.shift();
      if (failure) throw failure;
      settled.push([granted, revoked]);
    },
  };
  const log = { warn: (entry: unknown) => void warned.push(entry) };
  const pause = async (milliseconds: number) => void pauses.push(milliseconds);
  const duty = prescriberRole(mspId, ledger, prescribers);
  following = followRegistry({ mspId, ledger, duty, log, pause }, stop.signal);
}

const granted = [[wallet], []];
const taken = [[], [wallet]];
const settles = (...expected: unknown[]) => vi.waitFor(() => expect(settled).toEqual(expected));

it('settles every doctor when it begins, so that nothing is lost by a restart', async () => {
  ledger.practitioner = { ...ledger.practitioner, status: 'suspended' };
  follow();
  await settles(taken);
});

it('takes the role when a doctor is suspended, and grants it again on return', async () => {
  follow();
  await settles(granted);
  ledger.practitioner = { ...ledger.practitioner, status: 'suspended' };
  ledger.announce({ kind: 'practitioner', id: practitionerId, change: 'setPractitionerStatus', at });
  await settles(granted, taken);
  ledger.practitioner = { ...ledger.practitioner, status: 'active' };
  ledger.announce({ kind: 'practitioner', id: practitionerId, change: 'setPractitionerStatus', at });
  await settles(granted, taken, granted);
});

it('takes no notice of channels and products', async () => {
  follow();
  await settles(granted);
  ledger.announce({ kind: 'channelMap', id: '2', change: 'publishChannelMap', at });
  ledger.practitioner = { ...ledger.practitioner, status: 'suspended' };
  ledger.announce({ kind: 'practitioner', id: practitionerId, change: 'setPractitionerStatus', at });
  await settles(granted, taken);
  expect(warned).toEqual([]);
});

it('takes it from all doctors of an institution that is suspended', async () => {
  follow();
  await settles(granted);
  ledger.institution = { ...ledger.institution, status: 'suspended' };
  ledger.announce({ kind: 'institution', id: 'inst-lakeside', change: 'setInstitutionStatus', at });
  await settles(granted, taken);
});

it('begins anew, with growing pauses, where the chain is away', async () => {
  failures = [1, 2, 3].map(() => new ConnectorError('ETHEREUM_UNAVAILABLE', 'away'));
  follow();
  await settles(granted);
  expect(pauses).toEqual([2_000, 4_000, 8_000]);
  expect(warned).toHaveLength(3);
});

it('leaves another organisation’s doctors to that one', async () => {
  follow('PharmacyMSP');
  ledger.announce({ kind: 'practitioner', id: practitionerId, change: 'rotateKeys', at });
  await vi.waitFor(() => expect(ledger.calls.some((call) => call.function === 'readStanding')).toBe(true));
  expect(settled).toEqual([]);
  expect(warned).toEqual([]);
});

it('settles a change at once, also while all are still looked at', async () => {
  const changes: string[] = [];
  const looking = Promise.withResolvers<void>();
  const duty = {
    name: 'slow',
    settleAll: () => looking.promise,
    settleChange: async ({ id }: { id: string }) => void changes.push(id),
  };
  const pause = async (milliseconds: number) => void pauses.push(milliseconds);
  const log = { warn: (entry: unknown) => void warned.push(entry) };
  following = followRegistry({ mspId: 'HospitalMSP', ledger, duty, log, pause }, stop.signal);
  await vi.waitFor(() => expect(ledger.listeners()).toBe(1));
  ledger.announce({ kind: 'practitioner', id: practitionerId, change: 'setPractitionerStatus', at });
  await vi.waitFor(() => expect(changes).toEqual([practitionerId]));
  looking.resolve();
  stop.abort();
  await following;
  expect(warned).toEqual([]);
});
