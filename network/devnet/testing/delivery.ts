import { verify, X509Certificate } from 'node:crypto';
import { common, msp, peer } from '@hyperledger/fabric-protos';
import { describe, expect, it } from 'vitest';
import { blockHash, dataHash, headerBytes, validationCodes } from '../ledger/block.ts';
import { type Harness, text } from './harness.ts';

/** Events and blocks, live and replayed. */
export function describeDelivery(harness: () => Harness): void {
  describe('chaincode events', () => {
    it('come live, in order, and none from invalid transactions', async () => {
      const network = await harness().channel('alpha', 'two');
      const contract = network.getContract('probe');
      const events = await network.getChaincodeEvents('probe');
      try {
        const endorsed = await Promise.all(
          [1, 2].map(() => contract.newProposal('count', { arguments: ['event-race'] }).endorse()),
        );
        const submitted = await Promise.all(endorsed.map((transaction) => transaction.submit()));
        const outcomes = await Promise.all(submitted.map((transaction) => transaction.getStatus()));
        const valid = outcomes.find(({ successful }) => successful)?.transactionId;
        await contract.submitTransaction('count', 'event-after');
        const seen: string[] = [];
        for await (const event of events) {
          seen.push(`${event.eventName} ${text(event.payload)}`);
          if (seen.length === 1) expect(event.transactionId).toBe(valid);
          if (seen.length === 2) break;
        }
        expect(seen).toEqual(['Counted event-race=1', 'Counted event-after=1']);
      } finally {
        events.close();
      }
    });

    it('are replayed from a block and from a checkpoint', async () => {
      const network = await harness().channel('beta', 'two');
      const contract = network.getContract('probe');
      const sent: { blockNumber: bigint; transactionId: string }[] = [];
      for (const name of ['r1', 'r2', 'r3']) {
        const submitted = await contract.submitAsync('count', { arguments: [name] });
        sent.push(await submitted.getStatus());
      }
      const read = async (options: Parameters<typeof network.getChaincodeEvents>[1], count: number) => {
        const events = await network.getChaincodeEvents('probe', options);
        const found: string[] = [];
        try {
          for await (const event of events) {
            found.push(text(event.payload));
            if (found.length === count) break;
          }
        } finally {
          events.close();
        }
        return found;
      };
      const [first, second] = sent;
      if (!first || !second) throw new Error('nothing was sent');
      expect(await read({ startBlock: first.blockNumber }, 3)).toEqual(['r1=1', 'r2=1', 'r3=1']);
      const checkpoint = {
        getBlockNumber: () => first.blockNumber,
        getTransactionId: () => first.transactionId,
      };
      expect(await read({ checkpoint }, 2)).toEqual(['r2=1', 'r3=1']);
    });
  });

  describe('blocks', () => {
    it('form a chain that a client can check, signed by the orderer', async () => {
      const network = await harness().channel('alpha');
      const height = harness().devnet.heights().one ?? 0;
      const root = new X509Certificate(harness().network.config.orderer.rootCertPem);
      const blocks = await network.getBlockEvents({ startBlock: 0n });
      let previous: Buffer = Buffer.alloc(0);
      let count = 0;
      for await (const block of blocks) {
        const header = block.getHeader() ?? new common.BlockHeader();
        const envelopes = block.getData()?.getDataList_asU8() ?? [];
        expect(header.getNumber()).toBe(count);
        expect(Buffer.from(header.getPreviousHash_asU8())).toEqual(previous);
        expect(Buffer.from(header.getDataHash_asU8())).toEqual(dataHash(envelopes));
        expect(validationCodes(block)).toHaveLength(envelopes.length);
        expectOrdererSignature(block, header, root);
        previous = blockHash(header);
        count += 1;
        if (count === height) break;
      }
      blocks.close();
      expect(count).toBeGreaterThan(1);
    });

    it('are delivered filtered, without payloads', async () => {
      const contract = await harness().contract('alpha');
      const submitted = await contract.submitAsync('count', { arguments: ['filtered'] });
      const { blockNumber } = await submitted.getStatus();
      const blocks = await (await harness().channel('alpha')).getFilteredBlockEvents({ startBlock: blockNumber });
      for await (const block of blocks) {
        const found = block
          .getFilteredTransactionsList()
          .find((item) => item.getTxid() === submitted.getTransactionId());
        expect(found?.getTxValidationCode()).toBe(peer.TxValidationCode.VALID);
        const event = found?.getTransactionActions()?.getChaincodeActionsList()[0]?.getChaincodeEvent();
        expect([event?.getEventName(), event?.getPayload().length]).toEqual(['Counted', 0]);
        break;
      }
      blocks.close();
    });
  });
}

function expectOrdererSignature(block: common.Block, header: common.BlockHeader, root: X509Certificate): void {
  const bytes = block.getMetadata()?.getMetadataList_asU8()[0] ?? new Uint8Array();
  const metadata = common.Metadata.deserializeBinary(bytes);
  const [signature] = metadata.getSignaturesList();
  const signatureHeader = signature?.getSignatureHeader_asU8() ?? new Uint8Array();
  const creator = common.SignatureHeader.deserializeBinary(signatureHeader).getCreator_asU8();
  const identity = msp.SerializedIdentity.deserializeBinary(creator);
  const certificate = new X509Certificate(identity.getIdBytes_asU8());
  expect([identity.getMspid(), certificate.verify(root.publicKey)]).toEqual(['OrdererMSP', true]);
  const message = Buffer.concat([metadata.getValue_asU8(), signatureHeader, headerBytes(header)]);
  expect(verify('sha256', message, certificate.publicKey, signature?.getSignature_asU8() ?? new Uint8Array())).toBe(
    true,
  );
}
