import type { ChaincodeConfig, ChannelConfig, CollectionConfig } from '../config.ts';
import { parsePolicy } from '../policy/language.ts';
import { isMember, type Policy, type Signer } from '../policy/policy.ts';
import { lifecycle } from './definition.ts';
import { implicitCollection, implicitOwner } from './implicitCollection.ts';

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

  /** A collection of a chaincode, the implicit ones of the channel's organisations among them. */
  findCollection(namespace: string, name: string): Collection | undefined {
    const definition = this.#chaincodes.get(namespace);
    const owner = implicitOwner(name);
    if (owner === undefined) return definition?.collections.get(name);
    const belongs = this.organisations.includes(owner) || this.#clients.has(owner);
    return definition && belongs ? implicitCollection(owner) : undefined;
  }

  collection(namespace: string, name: string): Collection {
    const found = this.findCollection(namespace, name);
    if (!found)
      throw new Error(`collection [${name}] not defined in the collection config for chaincode [${namespace}]`);
    return found;
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
