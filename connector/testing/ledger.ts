import { EventEmitter, on } from 'node:events';
import type { PublicKeys } from '#chaincode/model/registry.ts';
import { ConnectorError } from '../errors.ts';
import type { LedgerCall, LedgerConnection, LedgerEvent } from '../ledger/connection.ts';
import { licence, practitionerId } from './requests.ts';

export interface FakeLedger extends LedgerConnection {
  calls: LedgerCall[];
  /** Errors that the next submissions throw, first to last; `after` writes the state all the same. */
  failures: { error: Error; after?: boolean }[];
  practitioner: Record<string, unknown>;
  institution: Record<string, unknown>;
  /** Raises an event of the registry for whoever listens. */
  announce(payload: unknown): void;
  /** How many listen. */
  listeners(): number;
  patients: Map<string, PublicKeys>;
}

/** A ledger in memory that keeps one practitioner and any number of patients, with the contracts' refusals. */
export function createFakeLedger(): FakeLedger {
  const announced = new EventEmitter();
  async function* heard(listened: ReturnType<typeof on>, signal: AbortSignal): AsyncGenerator<LedgerEvent> {
    try {
      for await (const [event] of listened) yield event;
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
  const ledger: FakeLedger = {
    calls: [],
    failures: [],
    patients: new Map(),
    institution: {
      ...{ id: 'inst-lakeside', kind: 'hospital', name: 'Lakeside', mspId: 'HospitalMSP' },
      ...{ status: 'active', version: 1 },
    },
    announce: (payload) => {
      announced.emit('event', { name: 'RegistryChanged', payload: Buffer.from(JSON.stringify(payload)) });
    },
    listeners: () => announced.listenerCount('event'),
    events: async (_channel, _contract, signal) => heard(on(announced, 'event', { signal }), signal),
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
      const { practitioner, institution } = ledger;
      if (call.function === 'listInstitutions') return JSON.stringify({ items: [institution], bookmark: '' });
      if (call.function === 'listPractitioners') return JSON.stringify({ items: [practitioner], bookmark: '' });
      if (call.function === 'readInstitution') return JSON.stringify(institution);
      if (call.function === 'readPractitioner' || call.function === 'readStanding') {
        if (call.args[0] !== practitioner.id) throw new ConnectorError('NOT_FOUND', 'no such practitioner');
        return JSON.stringify(call.function === 'readStanding' ? { practitioner, institution } : practitioner);
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
