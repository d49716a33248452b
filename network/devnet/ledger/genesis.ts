import { randomBytes } from 'node:crypto';
import { common, msp } from '@hyperledger/fabric-protos';
import type { ChannelConfig, DevnetConfig } from '../config.ts';
import type { SigningIdentity } from '../identity/membership.ts';
import { buildBlock, setValidationCodes } from './block.ts';

function mspGroup(mspId: string, rootCertPem: string): common.ConfigGroup {
  const fabric = new msp.FabricMSPConfig();
  fabric.setName(mspId);
  fabric.setRootCertsList([Buffer.from(rootCertPem)]);
  const config = new msp.MSPConfig();
  config.setConfig(fabric.serializeBinary());
  const value = new common.ConfigValue();
  value.setValue(config.serializeBinary());
  const group = new common.ConfigGroup();
  group.getValuesMap().set('MSP', value);
  return group;
}

/** The first block of a channel: a configuration that names the organisations and their root certificates. */
export function genesisBlock(config: DevnetConfig, channel: ChannelConfig, orderer: SigningIdentity): common.Block {
  const application = new common.ConfigGroup();
  for (const organisation of config.organisations)
    if (channel.organisations.includes(organisation.mspId))
      application.getGroupsMap().set(organisation.mspId, mspGroup(organisation.mspId, organisation.rootCertPem));
  const ordering = new common.ConfigGroup();
  ordering.getGroupsMap().set(config.orderer.mspId, mspGroup(config.orderer.mspId, config.orderer.rootCertPem));
  const root = new common.ConfigGroup();
  root.getGroupsMap().set('Application', application).set('Orderer', ordering);
  const content = new common.Config();
  content.setChannelGroup(root);
  const envelopeConfig = new common.ConfigEnvelope();
  envelopeConfig.setConfig(content);

  const channelHeader = new common.ChannelHeader();
  channelHeader.setType(common.HeaderType.CONFIG);
  channelHeader.setVersion(1);
  channelHeader.setChannelId(channel.name);
  const signatureHeader = new common.SignatureHeader();
  signatureHeader.setCreator(orderer.bytes);
  signatureHeader.setNonce(randomBytes(24));
  const header = new common.Header();
  header.setChannelHeader(channelHeader.serializeBinary());
  header.setSignatureHeader(signatureHeader.serializeBinary());
  const payload = new common.Payload();
  payload.setHeader(header);
  payload.setData(envelopeConfig.serializeBinary());
  const envelope = new common.Envelope();
  const bytes = payload.serializeBinary();
  envelope.setPayload(bytes);
  envelope.setSignature(orderer.sign(bytes));

  const block = buildBlock({
    number: 0,
    previousHash: new Uint8Array(),
    envelopes: [envelope.serializeBinary()],
    orderer,
  });
  setValidationCodes(block, [0]);
  return block;
}
