import { createHash, verify, X509Certificate } from 'node:crypto';
import { common, msp, peer } from '@hyperledger/fabric-protos';
import { describe, expect, it } from 'vitest';
import { blockHash, dataHash, headerBytes, metadataIndex, validationCodes } from '../../devnet/ledger/block.ts';
import { readHeaders } from '../../devnet/ledger/transaction.ts';
import { text } from '../../devnet/testing/client.ts';
import { eventually } from '../../devnet/testing/processes.ts';
import { unlikeDevnet } from '../differences.ts';
import { statusOf } from '../envelope.ts';
import type { Ledger } from '../ledger.ts';
import { commit, envelopesOf } from '../transaction.ts';

/** The chain as a client can check it, and what a killed node comes back with. */
export function checkChain(ledger: () => Ledger): void {
  const contract = () => ledger().contract('alpha');

  it('is linked by hashes and signed by the orderer, block by block', async () => {
    const { blockNumber } = await commit(ledger().channel('alpha'), contract(), ['put', 'z-last', 'x']);
    const blocks = await blocksTo(ledger(), blockNumber);
    const roots = ledger().profile.ordererRootsPem.map((pem) => new X509Certificate(pem));
    let previous: Buffer = Buffer.alloc(0);
    for (const [index, block] of blocks.entries()) {
      const header = block.getHeader() ?? new common.BlockHeader();
      const envelopes = block.getData()?.getDataList_asU8() ?? [];
      expect(header.getNumber()).toBe(index);
      expect(Buffer.from(header.getPreviousHash_asU8())).toEqual(previous);
      expect(Buffer.from(header.getDataHash_asU8())).toEqual(dataHash(envelopes));
      expect(validationCodes(block)).toHaveLength(envelopes.length);
      // The first block is the orderers' own beginning and bears no signature.
      if (index > 0) expectOrdererSignature(block, header, roots);
      previous = blockHash(header);
    }
    expect(blocks.length).toBe(Number(blockNumber) + 1);
  });

  it('begins with the channel’s configuration, which later blocks name as the last', async () => {
    const { blockNumber } = await commit(ledger().channel('alpha'), contract(), ['put', 'z-config', 'x']);
    const blocks = await blocksTo(ledger(), blockNumber);
    const types = blocks.map((block) =>
      envelopesOf(block).map((envelope) =>
        readHeaders(common.Payload.deserializeBinary(envelope.getPayload_asU8())).channelHeader.getType(),
      ),
    );
    expect(types[0]).toEqual([common.HeaderType.CONFIG]);
    const lastConfig = types.findLastIndex((list) => list.includes(common.HeaderType.CONFIG));
    expect(
      ordererMetadata(blocks.at(-1) ?? new common.Block())
        .getLastConfig()
        ?.getIndex() ?? 0,
    ).toBe(lastConfig);
  });

  unlikeDevnet('has a commit hash in each block, over the one before', async () => {
    const { blockNumber } = await commit(ledger().channel('alpha'), contract(), ['put', 'z-hash', 'x']);
    const hashes = (await blocksTo(ledger(), blockNumber)).slice(1).map((block) => {
      const bytes = block.getMetadata()?.getMetadataList_asU8()[metadataIndex.commitHash] ?? new Uint8Array();
      return Buffer.from(common.Metadata.deserializeBinary(bytes).getValue_asU8()).toString('hex');
    });
    expect(new Set(hashes).size).toBe(hashes.length);
    for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is the same on every organisation’s peer', async () => {
    const { blockNumber } = await commit(ledger().channel('alpha'), contract(), ['put', 'z-same', 'x']);
    const digests: string[] = [];
    for (const member of ['alpha', 'beta', 'gamma'] as const) {
      const hash = createHash('sha256');
      for (const block of await blocksTo(ledger(), blockNumber, member)) {
        hash.update(block.getHeader()?.serializeBinary() ?? '').update(block.getData()?.serializeBinary() ?? '');
        hash.update(validationCodes(block));
      }
      digests.push(hash.digest('hex'));
    }
    expect(new Set(digests).size).toBe(1);
  });

  describe('a node that is killed under load', () => {
    it('comes back with all that it reported, once each, and the same state', async ({ skip }) => {
      const { control } = ledger();
      if (!control) return skip('nobody may kill a node of this network');
      const reported = new Map<string, string>();
      let stopped = false;
      const load = Array.from({ length: 6 }, async (_, worker) => {
        for (let index = 0; !stopped; index += 1) {
          const key = `z-kill-${worker}-${index}`;
          try {
            const submitted = await contract().submitAsync('put', { arguments: [key, key] });
            if ((await submitted.getStatus()).successful) reported.set(submitted.getTransactionId(), key);
          } catch {
            stopped = true; // the node is gone
          }
        }
      });
      await eventually(async () => expect(reported.size).toBeGreaterThan(40), 30_000);
      await control.killNode();
      await Promise.all(load);
      await control.startNode();
      const list = async () => text(await contract().evaluateTransaction('list', 'z-kill-', 'z-kill-~'));
      const keys: string[] = JSON.parse(await eventually(list, 60_000));
      expect(keys).toEqual(expect.arrayContaining([...reported.values()]));
      for (const [txId, key] of reported) {
        expect((await statusOf(ledger(), txId)).code).toBe(peer.TxValidationCode.VALID);
        const changes = JSON.parse(text(await contract().evaluateTransaction('history', key)));
        expect(changes.map((change: { txId: string }) => change.txId)).toEqual([txId]);
      }
      const later = await eventually(
        () => commit(ledger().channel('alpha'), contract(), ['put', 'z-after', 'x']),
        60_000,
      );
      expect(later.code).toBe(peer.TxValidationCode.VALID);
      let previous: Buffer = Buffer.alloc(0);
      for (const block of await blocksTo(ledger(), later.blockNumber)) {
        const header = block.getHeader() ?? new common.BlockHeader();
        expect(Buffer.from(header.getPreviousHash_asU8())).toEqual(previous);
        previous = blockHash(header);
      }
    }, 180_000);
  });

  describe('a chaincode process that is killed', () => {
    it('is missed by its own organisation’s endorsements alone, and found again', async ({ skip }) => {
      const { control } = ledger();
      if (!control) return skip('nobody may kill a process of this network');
      await control.killChaincode();
      const contract = ledger().contract('beta');
      expect(await ledger().contract('alpha').evaluateTransaction('get', 'a')).toBeInstanceOf(Uint8Array);
      await ledger().contract('alpha').submitTransaction('put', 'z-without', 'x');
      control.startChaincode();
      await eventually(() => contract.submitTransaction('count', 'z-gone'), 60_000);
    }, 90_000);
  });
}

async function blocksTo(
  ledger: Ledger,
  last: bigint,
  member: 'alpha' | 'beta' | 'gamma' = 'alpha',
): Promise<common.Block[]> {
  const events = await ledger.channel(member).getBlockEvents({ startBlock: 0n });
  const blocks: common.Block[] = [];
  try {
    for await (const block of events) {
      blocks.push(block);
      if (blocks.length > Number(last)) break;
    }
  } finally {
    events.close();
  }
  return blocks;
}

function signatures(block: common.Block): common.Metadata {
  const bytes = block.getMetadata()?.getMetadataList_asU8()[metadataIndex.signatures] ?? new Uint8Array();
  return common.Metadata.deserializeBinary(bytes);
}

function ordererMetadata(block: common.Block): common.OrdererBlockMetadata {
  return common.OrdererBlockMetadata.deserializeBinary(signatures(block).getValue_asU8());
}

function expectOrdererSignature(block: common.Block, header: common.BlockHeader, roots: X509Certificate[]): void {
  const metadata = signatures(block);
  const [signature] = metadata.getSignaturesList();
  const signatureHeader = signature?.getSignatureHeader_asU8() ?? new Uint8Array();
  const creator = common.SignatureHeader.deserializeBinary(signatureHeader).getCreator_asU8();
  const identity = msp.SerializedIdentity.deserializeBinary(creator);
  const certificate = new X509Certificate(identity.getIdBytes_asU8());
  expect(roots.some((root) => certificate.verify(root.publicKey))).toBe(true);
  expect(identity.getMspid()).toBe('OrdererMSP');
  const message = Buffer.concat([metadata.getValue_asU8(), signatureHeader, headerBytes(header)]);
  const valid = verify('sha256', message, certificate.publicKey, signature?.getSignature_asU8() ?? new Uint8Array());
  expect(valid).toBe(true);
}
