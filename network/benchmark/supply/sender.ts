import { createPrivateKey } from 'node:crypto';
import { type TraceCaptured, traceCaptured } from '#chaincode/model/trace.ts';
import { Connections, gatewayFor } from '#server/gateways/ledger/connections.ts';
import { readLedgerProfile } from '#server/gateways/ledger/profile.ts';
import type { Signer } from '../../demonstration/accounts.ts';

/** Somebody who captures with a key in this process: proposed, endorsed, submitted and committed over the organisation's gateway. */
export interface Sender {
  /** @param events EPCIS events as JSON, the argument of the contract */
  capture(events: string): Promise<TraceCaptured>;
  close(): void;
}

export function openSender(ledgerProfile: string, { actor, certificatePem, keys }: Signer, channel: string): Sender {
  const profile = readLedgerProfile(ledgerProfile);
  const connections = new Connections(() => profile);
  const key = createPrivateKey({ key: Buffer.from(keys.signingKey), format: 'der', type: 'pkcs8' });
  const gateway = gatewayFor(
    connections.of(actor.mspId).client,
    { mspId: actor.mspId, certificatePem },
    key.export({ format: 'pem', type: 'pkcs8' }).toString(),
  );
  const contract = gateway.getNetwork(channel).getContract('supply');
  return {
    async capture(events) {
      const answer = await contract.submit('capture', { arguments: [events] });
      return traceCaptured.parse(JSON.parse(Buffer.from(answer).toString('utf8')));
    },
    close() {
      gateway.close();
      connections.close();
    },
  };
}
