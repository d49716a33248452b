import { common, msp, orderer } from '@hyperledger/fabric-protos';
import type { ChannelConfig, DevnetConfig } from '../config.ts';
import { signaturePolicyEnvelope } from '../policy/envelope.ts';
import { parsePolicy } from '../policy/language.ts';
import { type ConfigurationGroup, channelGroups, ordererMspId, readImplicit } from './configuration.ts';
import { absoluteMaxBytes, batchingOf, preferredMaxBytes } from './limits.ts';

interface Message {
  serializeBinary(): Uint8Array;
}

type Values = Readonly<Record<string, Message>>;

const admins = 'Admins';

/**
 * A channel's configuration as configtxgen writes it. What has no counterpart here is left out (addresses of orderers,
 * anchor peers), and the consensus is called `solo`, Fabric's word for one orderer that agrees with nobody.
 */
export function configMessage(config: DevnetConfig, channel: ChannelConfig): common.Config {
  const organisations = new Map([...config.organisations, config.orderer].map((item) => [item.mspId, item]));
  const values = new Map<string, Values>([
    ['', channelValues()],
    ['Application', { Capabilities: capabilities('V2_5') }],
    ['Orderer', ordererValues(config)],
  ]);
  for (const [mspId, organisation] of organisations)
    values.set(`${mspId === ordererMspId ? 'Orderer' : 'Application'}/${mspId}`, { MSP: mspMessage(organisation) });
  const message = new common.Config();
  message.setChannelGroup(groupMessage(channelGroups(channel, config.organisations), '', values));
  return message;
}

function groupMessage(
  group: ConfigurationGroup,
  path: string,
  values: ReadonlyMap<string, Values>,
): common.ConfigGroup {
  const message = new common.ConfigGroup();
  message.setModPolicy(admins);
  for (const [name, value] of Object.entries(values.get(path) ?? {})) {
    const item = new common.ConfigValue();
    item.setModPolicy(admins);
    item.setValue(value.serializeBinary());
    message.getValuesMap().set(name, item);
  }
  for (const [name, text] of Object.entries(group.policies)) {
    const item = new common.ConfigPolicy();
    item.setModPolicy(admins);
    item.setPolicy(policyMessage(text));
    message.getPoliciesMap().set(name, item);
  }
  for (const [name, sub] of Object.entries(group.groups))
    message.getGroupsMap().set(name, groupMessage(sub, path === '' ? name : `${path}/${name}`, values));
  return message;
}

function policyMessage(text: string): common.Policy {
  const policy = new common.Policy();
  const implicit = readImplicit(text);
  if (implicit) {
    const value = new common.ImplicitMetaPolicy();
    value.setRule(common.ImplicitMetaPolicy.Rule[implicit.rule]);
    value.setSubPolicy(implicit.policy);
    policy.setType(common.Policy.PolicyType.IMPLICIT_META);
    policy.setValue(value.serializeBinary());
  } else {
    policy.setType(common.Policy.PolicyType.SIGNATURE);
    policy.setValue(signaturePolicyEnvelope(parsePolicy(text)).serializeBinary());
  }
  return policy;
}

function channelValues(): Values {
  const hashing = new common.HashingAlgorithm();
  hashing.setName('SHA256');
  const structure = new common.BlockDataHashingStructure();
  structure.setWidth(2 ** 32 - 1);
  return { HashingAlgorithm: hashing, BlockDataHashingStructure: structure, Capabilities: capabilities('V2_0') };
}

function ordererValues(config: DevnetConfig): Values {
  const { timeoutMs, maxMessageCount } = batchingOf(config);
  const size = new orderer.BatchSize();
  size.setMaxMessageCount(maxMessageCount);
  size.setAbsoluteMaxBytes(absoluteMaxBytes);
  size.setPreferredMaxBytes(preferredMaxBytes);
  const timeout = new orderer.BatchTimeout();
  timeout.setTimeout(durationText(timeoutMs));
  const consensus = new orderer.ConsensusType();
  consensus.setType('solo');
  return {
    BatchSize: size,
    BatchTimeout: timeout,
    ChannelRestrictions: new orderer.ChannelRestrictions(),
    Capabilities: capabilities('V2_0'),
    ConsensusType: consensus,
  };
}

function capabilities(name: string): common.Capabilities {
  const message = new common.Capabilities();
  message.getCapabilitiesMap().set(name, new common.Capability());
  return message;
}

/** A time of at most a minute as Go writes it: `100ms`, `1.5s`, `1m0s`. */
function durationText(ms: number): string {
  if (ms < 1000) return `${ms}ms`;
  return ms < 60_000 ? `${ms / 1000}s` : `${Math.floor(ms / 60_000)}m${(ms % 60_000) / 1000}s`;
}

type Organisation = DevnetConfig['organisations'][number] | DevnetConfig['orderer'];

function mspMessage(organisation: Organisation): msp.MSPConfig {
  const pems = (list: readonly (string | undefined)[] = []) =>
    list.flatMap((pem) => (pem === undefined ? [] : [Buffer.from(pem)]));
  const crypto = new msp.FabricCryptoConfig();
  crypto.setSignatureHashFamily('SHA2');
  crypto.setIdentityIdentifierHashFunction('SHA256');
  const content = new msp.FabricMSPConfig();
  content.setName(organisation.mspId);
  content.setRootCertsList(pems([organisation.rootCertPem, ...(organisation.otherRootCertPems ?? [])]));
  content.setIntermediateCertsList(pems(organisation.intermediateCertPems));
  content.setAdminsList(pems(organisation.adminCertPems));
  content.setRevocationListList(pems(organisation.crlPems));
  content.setCryptoConfig(crypto);
  content.setTlsRootCertsList(pems([organisation.tlsRootCertPem]));
  if (organisation.nodeOus ?? true) content.setFabricNodeOus(nodeOus());
  const message = new msp.MSPConfig();
  message.setConfig(content.serializeBinary());
  return message;
}

function nodeOus(): msp.FabricNodeOUs {
  const unit = (name: string) => {
    const identifier = new msp.FabricOUIdentifier();
    identifier.setOrganizationalUnitIdentifier(name);
    return identifier;
  };
  const message = new msp.FabricNodeOUs();
  message.setEnable(true);
  message.setClientOuIdentifier(unit('client'));
  message.setPeerOuIdentifier(unit('peer'));
  message.setAdminOuIdentifier(unit('admin'));
  message.setOrdererOuIdentifier(unit('orderer'));
  return message;
}
