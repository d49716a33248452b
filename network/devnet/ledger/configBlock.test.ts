import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { common, msp } from '@hyperledger/fabric-protos';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DevnetConfig } from '../config.ts';
import { type Devnet, startDevnet } from '../devnet.ts';
import { revocationList } from '../testing/authorities.ts';
import { createOrganisation, enrol, type TestOrganisation } from '../testing/organisations.ts';
import { blockSignatures, lastConfigOf, validationCodes } from './block.ts';
import { committedConfig, configIn, nextConfig } from './configBlock.ts';

let folder: string;
let alpha: TestOrganisation;
let config: DevnetConfig;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medloom-configuration-'));
  alpha = await createOrganisation('AlphaMSP', true);
  const ordering = await createOrganisation('OrdererMSP', false);
  const { certPem, keyPem } = await enrol(ordering, 'orderer');
  config = {
    stateDir: folder,
    organisations: [{ mspId: 'AlphaMSP', rootCertPem: alpha.ca.certPem, ...(alpha.peer && { peer: alpha.peer }) }],
    orderer: { mspId: 'OrdererMSP', rootCertPem: ordering.ca.certPem, certPem, keyPem },
    channels: [{ name: 'one', organisations: ['AlphaMSP'], chaincodes: [] }],
  };
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function onChannel<Result>(use: (store: NonNullable<ReturnType<typeof storeOf>>) => Result): Promise<Result> {
  const devnet = await startDevnet(config);
  try {
    const store = storeOf(devnet);
    if (!store) throw new Error('no channel');
    return use(store);
  } finally {
    await devnet.close();
  }
}

const storeOf = (devnet: Devnet) => devnet.channels.get('one')?.store;

describe("a channel's configuration", () => {
  it('is its first block, unsigned as configtxgen writes it, in a block that the orderer has signed', async () => {
    const block = await onChannel((store) => store.block(0));
    const [bytes] = block?.getData()?.getDataList_asU8() ?? [];
    const envelope = common.Envelope.deserializeBinary(bytes ?? new Uint8Array());
    expect(envelope.getSignature_asU8()).toHaveLength(0);
    expect([...validationCodes(block ?? new common.Block())]).toEqual([0]);
    expect(blockSignatures(block ?? new common.Block())).toHaveLength(1);
  });

  it('stays what it is over a restart', async () => {
    await onChannel(() => {});
    expect(await onChannel(({ height, lastConfig }) => [height, lastConfig])).toEqual([1, 0]);
  });

  it('is followed by another where a restart brings one, which later blocks name', async () => {
    await onChannel(() => {});
    const crlPems = [await revocationList(alpha.ca, [await enrol(alpha)])];
    config = { ...config, organisations: config.organisations.map((item) => ({ ...item, crlPems })) };
    const committed = await onChannel((store) => {
      expect([store.height, store.lastConfig]).toEqual([2, 1]);
      const block = store.block(1) ?? new common.Block();
      expect(lastConfigOf(block)).toBe(1);
      return committedConfig(store);
    });
    expect(committed.getSequence()).toBe(1);
    const value = committed
      .getChannelGroup()
      ?.getGroupsMap()
      .get('Application')
      ?.getGroupsMap()
      .get('AlphaMSP')
      ?.getValuesMap()
      .get('MSP');
    expect(value?.getVersion()).toBe(1);
    const fabric = msp.FabricMSPConfig.deserializeBinary(
      msp.MSPConfig.deserializeBinary(value?.getValue_asU8() ?? new Uint8Array()).getConfig_asU8(),
    );
    expect(fabric.getRevocationListList_asU8().map((bytes) => Buffer.from(bytes).toString())).toEqual(crlPems);
    expect(await onChannel(({ height, lastConfig }) => [height, lastConfig])).toEqual([2, 1]);
  });

  it("raises the version of what has changed, and a group's with its members", async () => {
    const first = await onChannel((store) => committedConfig(store));
    const wanted = common.Config.deserializeBinary(first.serializeBinary());
    expect(nextConfig(first, wanted)).toBeUndefined();
    const application = wanted.getChannelGroup()?.getGroupsMap().get('Application');
    application?.getGroupsMap().set('BetaMSP', new common.ConfigGroup());
    application?.getPoliciesMap().get('Readers')?.setModPolicy('Others');
    const next = nextConfig(first, wanted)?.getChannelGroup();
    const versions = (group: common.ConfigGroup | undefined) => group?.getVersion();
    expect(versions(next)).toBe(0);
    expect(versions(next?.getGroupsMap().get('Application'))).toBe(1);
    expect(versions(next?.getGroupsMap().get('Orderer'))).toBe(0);
    const policies = next?.getGroupsMap().get('Application')?.getPoliciesMap();
    expect([policies?.get('Readers')?.getVersion(), policies?.get('Writers')?.getVersion()]).toEqual([1, 0]);
  });

  it('follows one of an earlier kind, which said less', () => {
    const earlier = new common.Config();
    const root = new common.ConfigGroup();
    root.getGroupsMap().set('Application', new common.ConfigGroup());
    earlier.setChannelGroup(root);
    const wanted = new common.Config();
    const whole = common.ConfigGroup.deserializeBinary(root.serializeBinary());
    whole.setModPolicy('Admins');
    wanted.setChannelGroup(whole);
    expect(nextConfig(earlier, wanted)?.getSequence()).toBe(1);
  });

  it('is told from transactions', () => {
    const block = new common.Block();
    const data = new common.BlockData();
    const payload = new common.Payload();
    const header = new common.Header();
    const channelHeader = new common.ChannelHeader();
    channelHeader.setType(common.HeaderType.ENDORSER_TRANSACTION);
    header.setChannelHeader(channelHeader.serializeBinary());
    payload.setHeader(header);
    const envelope = new common.Envelope();
    envelope.setPayload(payload.serializeBinary());
    data.addData(envelope.serializeBinary());
    block.setData(data);
    expect(configIn(block)).toBeUndefined();
  });
});
