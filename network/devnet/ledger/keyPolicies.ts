import { peer } from '@hyperledger/fabric-protos';
import { readPolicyEnvelope } from '../policy/envelope.ts';
import type { Policy } from '../policy/policy.ts';
import type { NamespaceChanges } from './changes.ts';
import * as keys from './keys.ts';
import { decodeMetadata, validationParameter } from './metadata.ts';
import type { ChannelStore } from './store.ts';
import { TransactionError } from './transaction.ts';

const { ENDORSEMENT_POLICY_FAILURE } = peer.TxValidationCode;

/** The endorsement policy that encoded metadata name; undefined for none. Throws where it is not one. */
export function policyOf(metadata: Uint8Array | undefined): Policy | undefined {
  const parameter = decodeMetadata(metadata).get(validationParameter);
  return parameter?.length ? readPolicyEnvelope(parameter) : undefined;
}

/**
 * The endorsement policies of single keys, as a block finds them. A transaction of the same block that changes one
 * makes it unknown for those after it: whether it will hold is only settled later, with the reads (Fabric's
 * statebased/vpmanagerimpl.go).
 */
export class KeyPolicies {
  readonly #store: ChannelStore;
  readonly #changed = new Set<string>();

  constructor(store: ChannelStore) {
    this.#store = store;
  }

  /** The policy of a database key. Throws TransactionError. */
  of(key: Buffer): Policy | undefined {
    if (this.#changed.has(key.toString('latin1')))
      throw new TransactionError(
        ENDORSEMENT_POLICY_FAILURE,
        'validation parameters of a key have been changed by an earlier transaction of the block',
      );
    try {
      return policyOf(this.#store.metadata(key));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new TransactionError(ENDORSEMENT_POLICY_FAILURE, `could not translate the policy of a key: ${reason}`);
    }
  }

  /** A transaction with these changes has its endorsements; it may fail for other reasons yet. */
  note(changes: readonly NamespaceChanges[]): void {
    for (const { namespace, content, collections } of changes) {
      for (const write of content.getMetadataWritesList()) this.#note(keys.stateKey(namespace, write.getKey()));
      for (const { name, hashed } of collections)
        for (const write of hashed.getMetadataWritesList())
          this.#note(keys.hashKey(namespace, name, write.getKeyHash_asU8()));
    }
  }

  #note(key: Buffer): void {
    this.#changed.add(key.toString('latin1'));
  }
}
