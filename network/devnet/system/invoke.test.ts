import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { common, peer } from '@hyperledger/fabric-protos';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Channel } from '../channel/channel.ts';
import { applicationPolicy } from '../channel/definition.ts';
import { type Devnet, startDevnet } from '../devnet.ts';
import { createOrganisation, enrol } from '../testing/organisations.ts';
import { invokeSystemChaincode } from './invoke.ts';
import type { SystemChaincode } from './names.ts';

// What is refused stands in refusals.test.ts.

const policy = "AND('AlphaMSP.peer', 'BetaMSP.peer')";
let folder: string;
let devnet: Devnet;
let channel: Channel;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medloom-system-'));
  const [alpha, beta, guest, ordering] = await Promise.all([
    createOrganisation('AlphaMSP', true),
    createOrganisation('BetaMSP', true),
    createOrganisation('GuestMSP', false),
    createOrganisation('OrdererMSP', false),
  ]);
  const { certPem, keyPem } = await enrol(ordering, 'orderer');
  const probe = { name: 'probe', version: '1.0', endorsementPolicy: policy, addresses: {} };
  const config = {
    stateDir: folder,
    organisations: [alpha, beta, guest].map(({ mspId, ca, peer: own }) => ({
      mspId,
      rootCertPem: ca.certPem,
      ...(own && { peer: own }),
    })),
    orderer: { mspId: 'OrdererMSP' as const, rootCertPem: ordering.ca.certPem, certPem, keyPem },
    channels: [
      { name: 'one', organisations: ['AlphaMSP', 'BetaMSP'], chaincodes: [probe] },
      { name: 'two', organisations: ['BetaMSP'], chaincodes: [] },
    ],
  };
  devnet = await startDevnet(config);
  await devnet.defineChaincode('one', {
    ...probe,
    version: '2.0',
    endorsementPolicy: '/Channel/Application/Endorsement',
  });
  const found = devnet.channels.get('one');
  if (!found) throw new Error('no channel one');
  channel = found;
});

afterAll(async () => {
  await devnet.close();
  await rm(folder, { recursive: true, force: true });
});

async function ask(name: SystemChaincode, ...args: (string | Uint8Array)[]): Promise<Uint8Array> {
  const response = await invokeSystemChaincode(name, {
    mspId: 'AlphaMSP',
    joined: new Map([['one', channel]]),
    channel,
    caller: { mspId: 'AlphaMSP', role: 'client' },
    args: args.map((arg) => (typeof arg === 'string' ? Buffer.from(arg) : arg)),
  });
  expect(response.getStatus()).toBe(200);
  return response.getPayload_asU8();
}

const block = async (...args: [string, ...(string | Uint8Array)[]]) =>
  common.Block.deserializeBinary(await ask('qscc', ...args))
    .getHeader()
    ?.getNumber();

describe('qscc', () => {
  it('tells the end of the chain', async () => {
    const info = common.BlockchainInfo.deserializeBinary(await ask('qscc', 'GetChainInfo', 'one'));
    expect(info.getHeight()).toBe(2);
    expect(Buffer.from(info.getCurrentblockhash_asU8())).toEqual(channel.store.hash);
    expect(info.getPreviousblockhash_asU8()).toEqual(channel.store.block(1)?.getHeader()?.getPreviousHash_asU8());
  });

  it('finds blocks by number, hash and transaction, and the newest by the largest number', async () => {
    const first = channel.store.block(1)?.getHeader()?.getPreviousHash_asU8() ?? new Uint8Array();
    expect(await block('GetBlockByNumber', 'one', '0')).toBe(0);
    expect(await block('GetBlockByNumber', 'one', '18446744073709551615')).toBe(1);
    expect(await block('GetBlockByHash', 'one', channel.store.hash)).toBe(1);
    expect(await block('GetBlockByHash', 'one', first)).toBe(0);
    expect(await block('GetBlockByTxID', 'one', transactionId())).toBe(1);
  });

  it('gives a transaction as it stands in its block, with its outcome', async () => {
    const bytes = await ask('qscc', 'GetTransactionByID', 'one', transactionId());
    const processed = peer.ProcessedTransaction.deserializeBinary(bytes);
    expect(processed.getValidationcode()).toBe(peer.TxValidationCode.VALID);
    expect(processed.getTransactionenvelope()?.serializeBinary()).toEqual(envelope());
  });
});

function envelope(): Uint8Array {
  const [bytes] = channel.store.block(1)?.getData()?.getDataList_asU8() ?? [];
  if (!bytes) throw new Error('block 1 has no transaction');
  return bytes;
}

function transactionId(): string {
  const payload = common.Payload.deserializeBinary(common.Envelope.deserializeBinary(envelope()).getPayload_asU8());
  const header = payload.getHeader()?.getChannelHeader_asU8() ?? new Uint8Array();
  return common.ChannelHeader.deserializeBinary(header).getTxId();
}

describe('cscc', () => {
  it('names the channels of the peer, and no others', async () => {
    const response = peer.ChannelQueryResponse.deserializeBinary(await ask('cscc', 'GetChannels'));
    expect(response.getChannelsList().map((info) => info.getChannelId())).toEqual(['one']);
  });

  it('gives the configuration, and its block', async () => {
    const config = common.Config.deserializeBinary(await ask('cscc', 'GetChannelConfig', 'one'));
    const groups = config.getChannelGroup()?.getGroupsMap();
    expect([...(groups?.keys() ?? [])].sort()).toEqual(['Application', 'Orderer']);
    expect([...(groups?.get('Application')?.getGroupsMap().keys() ?? [])]).toEqual(['AlphaMSP', 'BetaMSP', 'GuestMSP']);
    const bytes = await ask('cscc', 'GetConfigBlock', 'one');
    expect(common.Block.deserializeBinary(bytes).getHeader()?.getNumber()).toBe(0);
  });
});

describe('_lifecycle', () => {
  it('tells the committed definition, and who has approved it', async () => {
    const args = new peer.lifecycle.QueryChaincodeDefinitionArgs();
    args.setName('probe');
    const result = peer.lifecycle.QueryChaincodeDefinitionResult.deserializeBinary(
      await ask('_lifecycle', 'QueryChaincodeDefinition', args.serializeBinary()),
    );
    expect([result.getSequence(), result.getVersion(), result.getEndorsementPlugin()]).toEqual([2, '2.0', 'escc']);
    const parameter = peer.ApplicationPolicy.deserializeBinary(result.getValidationParameter_asU8());
    expect(parameter.getChannelConfigPolicyReference()).toBe('/Channel/Application/Endorsement');
    expect(Object.fromEntries(result.getApprovalsMap().entries())).toEqual({
      AlphaMSP: true,
      BetaMSP: true,
      GuestMSP: false,
    });
  });

  it('tells all definitions of a channel', async () => {
    const bytes = await ask('_lifecycle', 'QueryChaincodeDefinitions', '');
    const definitions =
      peer.lifecycle.QueryChaincodeDefinitionsResult.deserializeBinary(bytes).getChaincodeDefinitionsList();
    expect(definitions.map((item) => [item.getName(), item.getVersion()])).toEqual([['probe', '2.0']]);
  });

  it("writes a policy with the bytes of Fabric's peer", () => {
    const bytes = Buffer.from(applicationPolicy(policy).serializeBinary()).toString('base64');
    expect(bytes).toBe('Ci0SDBIKCAISAggAEgIIARoOEgwKCEFscGhhTVNQEAMaDRILCgdCZXRhTVNQEAM=');
  });
});
