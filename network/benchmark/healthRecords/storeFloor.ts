import { createPrivateKey, randomBytes } from 'node:crypto';
import { create } from 'kubo-rpc-client';
import { newIdentifier } from '#crypto/identifier.ts';
import { buildProblem } from '#fhir/build.ts';
import { Connections, gatewayFor } from '#server/gateways/ledger/connections.ts';
import { readLedgerProfile } from '#server/gateways/ledger/profile.ts';
import { ledgerCall } from '#server/transactions/schema.ts';
import type { SignerBrowser } from '../../demonstration/recordBrowser.ts';

export interface StoreFloor {
  /** Milliseconds of one: so many random bytes added to IPFS, and the transaction of a document submitted. */
  store(bytes: number): Promise<number>;
  close(): void;
}

/**
 * What storing costs at the least: no portal, no browser, no checks; IPFS takes the bytes, then Fabric takes the same kind of
 * transaction with a key held in this process. Encrypting is not timed.
 */
export async function openStoreFloor(
  settings: { ledgerProfile: string; ipfs: string },
  doctor: SignerBrowser,
  patient: string,
): Promise<StoreFloor> {
  const { person, vault } = doctor;
  const { actor, certificatePem } = person;
  const { keys, certificates } = await doctor.writingKeys(patient);
  const category = keys.find((key) => key.category === 'clinical');
  if (category === undefined) throw new Error('The record has no keys.');
  const profile = readLedgerProfile(settings.ledgerProfile);
  const connections = new Connections(() => profile);
  const key = createPrivateKey({ key: Buffer.from(person.keys.signingKey), format: 'der', type: 'pkcs8' });
  const pem = key.export({ format: 'pem', type: 'pkcs8' }).toString();
  const { client } = connections.of(actor.mspId);
  const gateway = gatewayFor(client, { mspId: actor.mspId, certificatePem }, pem);
  const ipfs = create({ url: settings.ipfs });
  return {
    async store(size) {
      const { id: document } = await vault.beginDocument({ patient });
      const now = new Date().toISOString();
      const author = { id: actor.subjectId, name: actor.name };
      const said = { id: newIdentifier('prac').slice(5), patient, author, recorded: now };
      const code = { system: 'http://snomed.info/sct', code: '404684003', text: 'Finding' };
      const resources = [buildProblem(said, { code, status: 'resolved', onset: now.slice(0, 10) })];
      const { intent, block } = await vault.composeDocument({ document, category, certificates, resources });
      await vault.endDocument({ document });
      // The follower of the ledger looks for what the ledger names.
      await ipfs.add(block.bytes, { cidVersion: 1, rawLeaves: true, pin: true });
      const call = ledgerCall(intent);
      const contract = gateway.getNetwork(call.channel).getContract(call.contract);
      const bytes = randomBytes(size);
      const started = performance.now();
      await ipfs.add(bytes, { cidVersion: 1, rawLeaves: true, pin: true });
      await contract.submit(call.function, {
        arguments: call.args,
        transientData: call.transient,
        endorsingOrganizations: ['HospitalMSP', 'PharmacyMSP'],
      });
      return performance.now() - started;
    },
    close() {
      gateway.close();
      connections.close();
    },
  };
}
