import { X509Certificate } from 'node:crypto';
import type { StoredCategory } from '#chaincode/model/healthRecord.ts';
import type { Device } from '#chaincode/model/registry.ts';
import type { ActingConnection } from '../ledger/connection.ts';
import type { LedgerIdentity } from '../ledger/identity.ts';
import { type AnchorAnswer, alertAbout, anchor, type Escalation, readArchiveKey } from './anchor.ts';
import { type CaptureAnswer, capture } from './capture.ts';
import { registeredSystem, type SystemAuthority } from './registeredSystem.ts';
import type { AlertRequest, AnchorRequest, ArchiveKeyRequest, CaptureRequest, NewSystem } from './schema.ts';
import { systemKeyOf } from './systemKey.ts';

/** A certificate that ends sooner than this is replaced. */
const renewBeforeMs = 24 * 60 * 60 * 1000;

/** What an organisation lets its partners' systems sign with. */
export interface SystemOffice extends SystemAuthority {
  /** A connection of the organisation's gateway in another name. */
  connectAs(identity: LedgerIdentity): ActingConnection;
}

export interface Systems {
  /** The public keys of a system, which an admin of the institution registers with a signature. */
  keysOf(system: NewSystem): Promise<Device['keys']>;
  /** Records events in a system's name. Throws NOT_FOUND, NOT_AUTHORISED, SUSPENDED, and the contract's refusals. */
  capture(request: CaptureRequest): Promise<CaptureAnswer>;
  /** Anchors batches of readings in a telemetry gateway's name. Throws as above. */
  anchor(request: AnchorRequest): Promise<AnchorAnswer>;
  /** Raises and escalates alerts in a telemetry gateway's name. Throws as above. */
  alert(request: AlertRequest): Promise<Escalation>;
  /** Reads, in a telemetry gateway's name, under which public key a patient's circle archives its keys. Throws as above. */
  archiveKey(request: ArchiveKeyRequest): Promise<StoredCategory>;
}

/** Partners' systems that sign here; a certificate is issued when a system first signs, and kept in memory only. */
export function createSystems(mspId: string, office: SystemOffice): Systems {
  const signers = new Map<string, { ledger: ActingConnection; until: number }>();
  const signerOf = async (system: string): Promise<ActingConnection> => {
    const key = await systemKeyOf(office.seed, system);
    const certify = await registeredSystem(mspId, office, system, key);
    const known = signers.get(system);
    if (known && known.until - renewBeforeMs > Date.now()) return known.ledger;
    const certificatePem = await certify();
    const ledger = office.connectAs({ mspId, certificatePem, privateKey: key.privateKey });
    signers.set(system, { ledger, until: Date.parse(new X509Certificate(certificatePem).validTo) });
    return ledger;
  };
  return {
    keysOf: async ({ system }) => {
      const { public: key, readingKey } = await systemKeyOf(office.seed, system);
      return { signingKeyHash: key.hash, readingKey };
    },
    capture: async ({ system, mode, parts }) => capture(await signerOf(system), mode, parts),
    anchor: async (request) => anchor(await signerOf(request.system), request),
    alert: async (request) => alertAbout(await signerOf(request.system), request),
    archiveKey: async ({ system, patient }) => readArchiveKey(await signerOf(system), patient),
  };
}
