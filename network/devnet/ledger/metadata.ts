import { ledger } from '@hyperledger/fabric-protos';

const { kvrwset } = ledger.rwset;
type Entry = ledger.rwset.kvrwset.KVMetadataEntry;

/** The metadata that names the endorsement policy of a key: a SignaturePolicyEnvelope. */
export const validationParameter = 'VALIDATION_PARAMETER';

/** Metadata as the state keeps them; null for none. */
export function encodeMetadata(entries: Entry[]): Uint8Array | null {
  if (entries.length === 0) return null;
  const message = new kvrwset.KVMetadataWrite();
  message.setEntriesList(entries);
  return message.serializeBinary();
}

export function decodeMetadata(bytes: Uint8Array | undefined): Map<string, Uint8Array> {
  const entries = bytes ? kvrwset.KVMetadataWrite.deserializeBinary(bytes).getEntriesList() : [];
  return new Map(entries.map((entry) => [entry.getName(), entry.getValue_asU8()]));
}
