import type { Institution, Practitioner } from '#chaincode/model/registry.ts';
import { ConnectorError } from '#connector/errors.ts';
import { type LedgerConnection, openLedger } from '#connector/ledger/connection.ts';
import { readIdentity } from '#connector/ledger/identity.ts';
import { retryLedger } from '#connector/ledger/retry.ts';
import { readProfile } from '#connector/profile.ts';

/** The institutions' registrars, acting on the channel `registry`. */
export interface Registrars {
  /** Admits an institution; nothing where it is admitted already. */
  admit(institution: Omit<Institution, 'version' | 'status'>): Promise<void>;
  /** Registers a practitioner without keys; nothing where that is done already. */
  register(practitioner: Pick<Practitioner, 'id' | 'institutionId' | 'role' | 'licence' | 'mspId'>): Promise<void>;
  close(): void;
}

/** Opens the registrars whose keys the connector's profile names. */
export function openRegistrars(connectorProfile: string): Registrars {
  const profile = readProfile(connectorProfile);
  const open = new Map<string, LedgerConnection>();
  const registrarOf = (mspId: string): LedgerConnection => {
    const known = open.get(mspId);
    if (known) return known;
    const gateway = profile.ledger.organisations[mspId]?.gateway;
    const files = profile.organisations[mspId]?.registrar;
    if (!gateway || !files) throw new Error(`The profile ${connectorProfile} names no registrar of ${mspId}.`);
    const connection = openLedger(gateway, readIdentity(mspId, files));
    open.set(mspId, connection);
    return connection;
  };
  const submit = (mspId: string, name: string, argument: object) =>
    retryLedger(async () => {
      const call = { channel: 'registry', contract: 'registry', function: name, args: [JSON.stringify(argument)] };
      try {
        await registrarOf(mspId).submit(call);
      } catch (error) {
        if (!(error instanceof ConnectorError && error.code === 'ALREADY_EXISTS')) throw error;
      }
    });
  return {
    admit: ({ id, kind, name, mspId }) => submit('RegulatorMSP', 'admitInstitution', { id, kind, name, mspId }),
    register: ({ mspId, id, institutionId, role, licence }) =>
      submit(mspId, 'registerPractitioner', { id, institutionId, role, licence }),
    close: () => {
      for (const connection of open.values()) connection.close();
    },
  };
}
