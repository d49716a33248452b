import { createPrivateKey } from 'node:crypto';
import { create } from 'kubo-rpc-client';
import { fromBase64Url } from '#crypto/bytes.ts';
import { Connections, gatewayFor } from '#server/gateways/ledger/connections.ts';
import { readLedgerProfile } from '#server/gateways/ledger/profile.ts';
import type { Portal } from '#server/portal.ts';
import { ledgerCall } from '#server/transactions/schema.ts';
import { openHeld } from '../demonstration/accounts.ts';
import { composePrescription } from '../demonstration/compose.ts';
import { openKeyMaker } from '../demonstration/keys.ts';
import { demonstrationPassword, demonstrationPin, patients, staff } from '../demonstration/people.ts';
import { scenario } from '../demonstration/scenario.ts';
import { findParticipant } from './participants.ts';

/** What a bare submit took, and the access code of the prescription that it made. */
export interface FloorSample {
  milliseconds: number;
  code: Uint8Array;
}

export interface Floor {
  /** Adds the same kind of bytes to IPFS and submits the same transaction, with a key held in this process. */
  issue(): Promise<FloorSample>;
  close(): void;
}

/**
 * What issuing costs at the least: no portal, no browser, no checks; only IPFS and Fabric, one after the other as the
 * portal does. The composing of the prescription is not timed.
 */
export async function openFloor(portal: Portal, settings: { ledgerProfile: string; ipfs: string }): Promise<Floor> {
  const item = scenario.find(({ key }) => key === 'lind-ramipril');
  const details = patients.find(({ email }) => email === item?.patient);
  const member = staff.find(({ email }) => email === item?.doctor);
  if (!item || !details || !member) throw new Error('The demonstration has no such prescription.');

  const doctor = await findParticipant(portal, member.email);
  const { mspId } = doctor.actor;
  const patient = {
    ...(await findParticipant(portal, details.email)),
    details,
  };
  const keyMaker = openKeyMaker({ password: demonstrationPassword, pin: demonstrationPin }, 1);
  const { keys } = await openHeld(portal, keyMaker, doctor.actor).finally(() => keyMaker.close());
  const key = createPrivateKey({ key: Buffer.from(keys.signingKey), format: 'der', type: 'pkcs8' });

  const profile = readLedgerProfile(settings.ledgerProfile);
  const connections = new Connections(() => profile);
  const identity = { mspId, certificatePem: doctor.certificatePem };
  const gateway = gatewayFor(
    connections.of(mspId).client,
    identity,
    key.export({ format: 'pem', type: 'pkcs8' }).toString(),
  );
  const ipfs = create({ url: settings.ipfs });

  return {
    async issue() {
      const composed = await composePrescription(item, doctor, patient, { why: 'notShared' });
      const { issue, envelope, tokenHolder, resumePacket, secrets } = composed;
      const call = ledgerCall({ kind: 'issue', issue, envelope, tokenHolder, resumePacket, secrets });
      const contract = gateway.getNetwork(call.channel).getContract(call.contract);
      const bytes = fromBase64Url(envelope);
      const started = performance.now();
      await ipfs.add(bytes, { cidVersion: 1, rawLeaves: true, pin: true });
      await contract.submit(call.function, {
        arguments: call.args,
        transientData: call.transient,
        endorsingOrganizations: ['HospitalMSP', 'PharmacyMSP'],
      });
      return { milliseconds: performance.now() - started, code: composed.code };
    },
    close() {
      gateway.close();
      connections.close();
    },
  };
}
