import { randomBytes } from 'node:crypto';
import { common } from '@hyperledger/fabric-protos';
import type { SigningIdentity } from '../identity/membership.ts';
import { buildBlock, setValidationCodes } from './block.ts';
import type { ChannelStore } from './store.ts';
import { computeTxId, readHeaders } from './transaction.ts';

/** A channel header with a timestamp in it, whose class the protos have of a library of their own. */
const emptyTimestamp = Uint8Array.of((3 << 3) | 2, 0);

/** A block with a channel's configuration and nothing else. The first of all is signed by nobody, as configtxgen leaves it. */
export function configBlock(options: {
  channel: string;
  config: common.Config;
  number: number;
  previousHash: Uint8Array;
  orderer: SigningIdentity;
}): common.Block {
  const { channel, config, number, previousHash, orderer } = options;
  const content = new common.ConfigEnvelope();
  content.setConfig(config);
  const signatureHeader = new common.SignatureHeader();
  if (number > 0) signatureHeader.setCreator(orderer.bytes);
  signatureHeader.setNonce(randomBytes(24));
  const channelHeader = common.ChannelHeader.deserializeBinary(emptyTimestamp);
  channelHeader.getTimestamp()?.fromDate(new Date());
  channelHeader.setType(common.HeaderType.CONFIG);
  channelHeader.setVersion(1);
  channelHeader.setChannelId(channel);
  channelHeader.setTxId(computeTxId(signatureHeader));
  const header = new common.Header();
  header.setChannelHeader(channelHeader.serializeBinary());
  header.setSignatureHeader(signatureHeader.serializeBinary());
  const payload = new common.Payload();
  payload.setHeader(header);
  payload.setData(content.serializeBinary());
  const bytes = payload.serializeBinary();
  const envelope = new common.Envelope();
  envelope.setPayload(bytes);
  if (number > 0) envelope.setSignature(orderer.sign(bytes));
  const block = buildBlock({
    number,
    previousHash,
    envelopes: [envelope.serializeBinary()],
    orderer,
    lastConfig: number,
  });
  setValidationCodes(block, [0]);
  return block;
}

/** The configuration in a block; undefined where the block holds transactions. */
export function configIn(block: common.Block): common.Config | undefined {
  const [bytes] = block.getData()?.getDataList_asU8() ?? [];
  if (!bytes) return undefined;
  const payload = common.Payload.deserializeBinary(common.Envelope.deserializeBinary(bytes).getPayload_asU8());
  if (readHeaders(payload).channelHeader.getType() !== common.HeaderType.CONFIG) return undefined;
  return common.ConfigEnvelope.deserializeBinary(payload.getData_asU8()).getConfig();
}

/** The configuration that a channel has. */
export function committedConfig(store: ChannelStore): common.Config {
  const block = store.block(store.lastConfig);
  const config = block && configIn(block);
  if (!config) throw new Error(`channel ${store.channel}: block ${store.lastConfig} holds no configuration`);
  return config;
}

/** What follows the committed configuration, with the versions of what has changed raised; undefined where nothing has. */
export function nextConfig(committed: common.Config, wanted: common.Config): common.Config | undefined {
  const [before, after] = [committed.getChannelGroup(), wanted.getChannelGroup()];
  if (!before || !after) throw new Error('a configuration has no groups');
  const group = common.ConfigGroup.deserializeBinary(after.serializeBinary());
  raiseVersions(before, group);
  if (Buffer.from(group.serializeBinary()).equals(before.serializeBinary())) return undefined;
  const next = new common.Config();
  next.setSequence(committed.getSequence() + 1);
  next.setChannelGroup(group);
  return next;
}

interface Versioned {
  getVersion(): number;
  setVersion(version: number): void;
  serializeBinary(): Uint8Array;
}

/** As in Fabric, a group's version counts its members and not what is in them. */
function raiseVersions(before: common.ConfigGroup, after: common.ConfigGroup): void {
  raiseEach(before.getValuesMap(), after.getValuesMap());
  raiseEach(before.getPoliciesMap(), after.getPoliciesMap());
  for (const [name, sub] of after.getGroupsMap().entries()) {
    const old = before.getGroupsMap().get(name);
    if (old) raiseVersions(old, sub);
  }
  after.setVersion(before.getVersion() + (members(before) === members(after) ? 0 : 1));
}

function raiseEach(
  before: { get(name: string): Versioned | undefined },
  after: { entries(): Iterable<[string, Versioned]> },
): void {
  for (const [name, item] of after.entries()) {
    const old = before.get(name);
    if (!old) continue;
    item.setVersion(old.getVersion());
    if (!Buffer.from(item.serializeBinary()).equals(old.serializeBinary())) item.setVersion(old.getVersion() + 1);
  }
}

function members(group: common.ConfigGroup): string {
  const names = (map: { keys(): Iterable<string> }) => [...map.keys()].sort();
  return JSON.stringify([
    names(group.getGroupsMap()),
    names(group.getValuesMap()),
    names(group.getPoliciesMap()),
    group.getModPolicy(),
  ]);
}
