import { peer } from '@hyperledger/fabric-protos';
import type { ChaincodeConfig, CollectionConfig } from '../config.ts';
import type { ChannelStore } from '../ledger/store.ts';
import { signaturePolicyEnvelope } from '../policy/envelope.ts';
import { parsePolicy } from '../policy/language.ts';
import { isReference } from './configuration.ts';

/** Fabric's namespace of chaincode definitions, and the version that its system chaincodes have. */
export const lifecycle = { namespace: '_lifecycle', version: 'syscc' } as const;

const fieldKey = (name: string, field: string) => `namespaces/fields/${name}/${field}`;
const parameterFields = ['EndorsementInfo', 'ValidationInfo', 'Collections'] as const;

function stateData(set: (data: peer.lifecycle.StateData) => void): Buffer {
  const data = new peer.lifecycle.StateData();
  set(data);
  return Buffer.from(data.serializeBinary());
}

/** An endorsement policy as Fabric's lifecycle writes it down. */
export function applicationPolicy(text: string): peer.ApplicationPolicy {
  const policy = new peer.ApplicationPolicy();
  if (isReference(text)) policy.setChannelConfigPolicyReference(text);
  else policy.setSignaturePolicy(signaturePolicyEnvelope(parsePolicy(text)));
  return policy;
}

/** The collections of a definition as Fabric's lifecycle writes them down. */
export function collectionPackage(definition: ChaincodeConfig): peer.CollectionConfigPackage {
  const collections = new peer.CollectionConfigPackage();
  collections.setConfigList((definition.collections ?? []).map(collectionMessage));
  return collections;
}

function collectionMessage(collection: CollectionConfig): peer.CollectionConfig {
  const members = new peer.CollectionPolicyConfig();
  members.setSignaturePolicy(signaturePolicyEnvelope(parsePolicy(collection.policy)));
  const fixed = new peer.StaticCollectionConfig();
  fixed.setName(collection.name);
  fixed.setMemberOrgsPolicy(members);
  fixed.setRequiredPeerCount(collection.requiredPeerCount);
  fixed.setMaximumPeerCount(collection.maxPeerCount);
  fixed.setBlockToLive(collection.blockToLive);
  fixed.setMemberOnlyRead(collection.memberOnlyRead);
  fixed.setMemberOnlyWrite(collection.memberOnlyWrite);
  if (collection.endorsementPolicy) fixed.setEndorsementPolicy(applicationPolicy(collection.endorsementPolicy));
  const message = new peer.CollectionConfig();
  message.setStaticCollectionConfig(fixed);
  return message;
}

/** The state of a chaincode's definition, by its key in the namespace `_lifecycle`, as Fabric's serializer lays it out. */
export function definitionState(definition: ChaincodeConfig, sequence: number): Map<string, Buffer> {
  const { name } = definition;
  const endorsement = new peer.lifecycle.ChaincodeEndorsementInfo();
  endorsement.setVersion(definition.version);
  endorsement.setEndorsementPlugin('escc');
  const validation = new peer.lifecycle.ChaincodeValidationInfo();
  validation.setValidationPlugin('vscc');
  validation.setValidationParameter(applicationPolicy(definition.endorsementPolicy).serializeBinary());
  const collections = collectionPackage(definition);
  const metadata = new peer.lifecycle.StateMetadata();
  metadata.setDatatype('ChaincodeDefinition');
  metadata.setFieldsList(['Sequence', ...parameterFields]);
  return new Map([
    [`namespaces/metadata/${name}`, Buffer.from(metadata.serializeBinary())],
    [fieldKey(name, 'Sequence'), stateData((data) => data.setInt64(sequence))],
    [fieldKey(name, 'EndorsementInfo'), stateData((data) => data.setBytes(endorsement.serializeBinary()))],
    [fieldKey(name, 'ValidationInfo'), stateData((data) => data.setBytes(validation.serializeBinary()))],
    [fieldKey(name, 'Collections'), stateData((data) => data.setBytes(collections.serializeBinary()))],
  ]);
}

/** The sequence of a chaincode's committed definition; undefined where none is committed. */
export function committedSequence(store: ChannelStore, name: string): number | undefined {
  // A definition without parameters is none: what a node of an earlier time wrote had a sequence alone.
  if (!store.state(lifecycle.namespace, fieldKey(name, 'EndorsementInfo'))) return undefined;
  const value = store.state(lifecycle.namespace, fieldKey(name, 'Sequence'))?.value;
  return value && peer.lifecycle.StateData.deserializeBinary(value).getInt64();
}

/** A committed definition, as Fabric's lifecycle keeps it. */
export interface CommittedDefinition {
  sequence: number;
  endorsement: peer.lifecycle.ChaincodeEndorsementInfo;
  validation: peer.lifecycle.ChaincodeValidationInfo;
  collections: peer.CollectionConfigPackage;
}

/** Reads a chaincode's committed definition; undefined where none is committed. */
export function committedDefinition(store: ChannelStore, name: string): CommittedDefinition | undefined {
  const sequence = committedSequence(store, name);
  if (sequence === undefined) return undefined;
  const bytes = (field: (typeof parameterFields)[number]) => {
    const value = store.state(lifecycle.namespace, fieldKey(name, field))?.value;
    return value ? peer.lifecycle.StateData.deserializeBinary(value).getBytes_asU8() : new Uint8Array();
  };
  return {
    sequence,
    endorsement: peer.lifecycle.ChaincodeEndorsementInfo.deserializeBinary(bytes('EndorsementInfo')),
    validation: peer.lifecycle.ChaincodeValidationInfo.deserializeBinary(bytes('ValidationInfo')),
    collections: peer.CollectionConfigPackage.deserializeBinary(bytes('Collections')),
  };
}

/** Whether the committed definition of a chaincode is this one. */
export function isCommitted(store: ChannelStore, definition: ChaincodeConfig): boolean {
  const sequence = committedSequence(store, definition.name);
  if (sequence === undefined) return false;
  return [...definitionState(definition, sequence)].every(
    ([key, value]) => store.state(lifecycle.namespace, key)?.value.equals(value) ?? false,
  );
}

/** Why a definition may not follow the committed one: Fabric keeps collections, and how long their values live. */
export function refusedChange(store: ChannelStore, definition: ChaincodeConfig): string | undefined {
  const value = store.state(lifecycle.namespace, fieldKey(definition.name, 'Collections'))?.value;
  if (!value) return undefined;
  const bytes = peer.lifecycle.StateData.deserializeBinary(value).getBytes_asU8();
  for (const config of peer.CollectionConfigPackage.deserializeBinary(bytes).getConfigList()) {
    const committed = config.getStaticCollectionConfig();
    if (!committed) continue;
    const name = committed.getName();
    const proposed = definition.collections?.find((collection) => collection.name === name);
    if (!proposed) return `existing collection [${name}] missing in the proposed collection configuration`;
    if (proposed.blockToLive !== committed.getBlockToLive())
      return `the BlockToLive in an existing collection [${name}] modified. Existing value [${committed.getBlockToLive()}]`;
  }
  return undefined;
}
