import type { PublicKeys } from '#chaincode/model/registry.ts';
import { ConnectorError } from '../errors.ts';
import type { LedgerCall, LedgerConnection } from '../ledger/connection.ts';
import { licence, practitionerId } from './requests.ts';

export interface FakeLedger extends LedgerConnection {
  calls: LedgerCall[];
  /** Errors that the next submissions throw, first to last; `after` writes the state all the same. */
  failures: { error: Error; after?: boolean }[];
  practitioner: Record<string, unknown>;
  patients: Map<string, PublicKeys>;
}

/** A ledger in memory that keeps one practitioner and any number of patients, with the contracts' refusals. */
export function createFakeLedger(): FakeLedger {
  const ledger: FakeLedger = {
    calls: [],
    failures: [],
    patients: new Map(),
    practitioner: {
      id: practitionerId,
      institutionId: 'inst-lakeside',
      mspId: 'HospitalMSP',
      role: 'doctor',
      licence,
      status: 'active',
      version: 1,
    },
    evaluate: async (call) => {
      ledger.calls.push(call);
      if (call.function === 'readPractitioner') {
        if (call.args[0] !== ledger.practitioner.id) throw new ConnectorError('NOT_FOUND', 'no such practitioner');
        return JSON.stringify(ledger.practitioner);
      }
      const keys = ledger.patients.get(call.args[0] ?? '');
      if (!keys) throw new ConnectorError('NOT_FOUND', 'no such patient');
      return JSON.stringify({ pseudonym: call.args[0], keys, status: 'active', version: 1 });
    },
    submit: async (call) => {
      ledger.calls.push(call);
      const failure = ledger.failures.shift();
      if (failure && !failure.after) throw failure.error;
      write(call);
      if (failure) throw failure.error;
    },
    close: () => undefined,
  };
  const write = (call: LedgerCall) => {
    if (call.function === 'enrolKeys') {
      if (ledger.practitioner.keys) throw new ConnectorError('KEY_EXISTS', 'has keys');
      ledger.practitioner = { ...ledger.practitioner, keys: JSON.parse(call.args[1] ?? '') };
    } else {
      const { pseudonym, keys } = JSON.parse(call.args[0] ?? '');
      if (ledger.patients.has(pseudonym)) throw new ConnectorError('ALREADY_EXISTS', 'is registered');
      ledger.patients.set(pseudonym, keys);
    }
  };
  return ledger;
}
