import type { ChaincodeConfig, ChannelConfig, CollectionConfig } from '../config.ts';
import { parsePolicy } from '../policy/language.ts';
import { isMember, type Policy, type Signer } from '../policy/policy.ts';
import { lifecycle } from './definition.ts';

/** A collection with its policies parsed. */
export interface Collection extends CollectionConfig {
  membership: Policy;
  endorsement: Policy | undefined;
}

/** A chaincode definition with its policies parsed. */
export interface Chaincode {
  name: string;
  version: string;
  endorsement: Policy;
  collections: ReadonlyMap<string, Collection>;
  addresses: Readonly<Record<string, string>>;
}

/** What a transaction writes in one namespace, as far as policies care. */
export interface Written {
  namespace: string;
  publicWrites: boolean;
  writtenCollections: readonly string[];
}

/** The rules of one channel: its members, chaincodes, collections and their policies. */
export class ChannelPolicies {
  readonly name: string;
  readonly organisations: readonly string[];
  readonly #clients: ReadonlySet<string>;
  readonly #chaincodes: Map<string, Chaincode>;
  readonly #lifecycle: Chaincode;

  /** `everyone` are the MSPs whose members may use the channel where it does not list its clients. */
  constructor(config: ChannelConfig, everyone: readonly string[]) {
    this.name = config.name;
    this.organisations = config.organisations;
    this.#clients = new Set(config.clients ?? everyone);
    this.#chaincodes = new Map(config.chaincodes.map((definition) => [definition.name, parseDefinition(definition)]));
    this.#lifecycle = lifecycleDefinition(config.organisations);
  }

  /** Adds a chaincode, or puts another definition in the place of its old one. */
  define(definition: ChaincodeConfig): void {
    this.#chaincodes.set(definition.name, parseDefinition(definition));
  }

  /** Whether members of an MSP may use the channel as clients. */
  acceptsClient(mspId: string): boolean {
    return this.#clients.has(mspId);
  }

  chaincode(name: string): Chaincode | undefined {
    return name === lifecycle.namespace ? this.#lifecycle : this.#chaincodes.get(name);
  }

  chaincodes(): Iterable<Chaincode> {
    return this.#chaincodes.values();
  }

  /** Whether an identity belongs to a collection. Throws for a collection that is not defined. */
  isCollectionMember(namespace: string, collection: string, signer: Signer): boolean {
    return isMember(this.collection(namespace, collection).membership, signer);
  }

  collection(namespace: string, name: string): Collection {
    const found = this.#chaincodes.get(namespace)?.collections.get(name);
    if (!found)
      throw new Error(`collection [${name}] not defined in the collection config for chaincode [${namespace}]`);
    return found;
  }

  /**
   * The policies that the endorsers of a transaction must satisfy together: the chaincode's for public writes, the
   * collection's own (or else the chaincode's) for private ones, the invoked chaincode's when nothing is written.
   * Answers with a message when a namespace or collection is not defined.
   */
  required(changes: readonly Written[], invoked: string): Policy[] | string {
    const required = new Set<Policy>();
    for (const { namespace, publicWrites, writtenCollections } of changes) {
      if (!publicWrites && writtenCollections.length === 0) continue;
      const definition = this.chaincode(namespace);
      if (!definition) return `the transaction writes to ${namespace}, which is not a chaincode of the channel`;
      if (publicWrites) required.add(definition.endorsement);
      for (const name of writtenCollections) {
        const collection = definition.collections.get(name);
        if (!collection) return `the transaction writes to collection ${name}, which ${namespace} does not define`;
        required.add(collection.endorsement ?? definition.endorsement);
      }
    }
    const own = this.chaincode(invoked);
    if (!own) return `chaincode ${invoked} is not defined on the channel`;
    if (
      !changes.some(
        (change) => change.namespace === invoked && (change.publicWrites || change.writtenCollections.length),
      )
    )
      required.add(own.endorsement);
    return [...required];
  }
}

function parseDefinition({ name, version, endorsementPolicy, collections, addresses }: ChaincodeConfig): Chaincode {
  return {
    name,
    version,
    endorsement: parsePolicy(endorsementPolicy),
    addresses,
    collections: new Map(
      (collections ?? []).map((collection) => [
        collection.name,
        {
          ...collection,
          membership: parsePolicy(collection.policy),
          endorsement: collection.endorsementPolicy ? parsePolicy(collection.endorsementPolicy) : undefined,
        },
      ]),
    ),
  };
}

/** Fabric's own chaincode of definitions, which no process runs: a majority of the organisations commits one. */
function lifecycleDefinition(organisations: readonly string[]): Chaincode {
  return {
    name: lifecycle.namespace,
    version: lifecycle.version,
    endorsement: {
      kind: 'outOf',
      n: Math.floor(organisations.length / 2) + 1,
      rules: organisations.map((mspId) => ({ kind: 'principal', mspId, role: 'peer' })),
    },
    addresses: {},
    collections: new Map(),
  };
}
