import type { ChaincodeConfig, ChannelConfig, CollectionConfig } from '../config.ts';
import { parsePolicy } from '../policy/language.ts';
import { evaluatePolicy, isMember, type Policy, type Signer } from '../policy/policy.ts';
import {
  applicationMembers,
  type ChannelMember,
  type ConfigurationGroup,
  channelGroups,
  isReference,
  ordererMspId,
  policyAt,
} from './configuration.ts';
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
  /** The MSPs of the application: those with peers, and those whose members only use the channel. */
  readonly members: readonly string[];
  readonly #groups: ConfigurationGroup;
  readonly #configured = new Map<string, Policy>();
  readonly #chaincodes = new Map<string, Chaincode>();
  readonly #lifecycle: Chaincode;

  /** `everyone` are the MSPs whose members may use the channel where it does not list its clients. */
  constructor(config: ChannelConfig, everyone: readonly ChannelMember[]) {
    this.name = config.name;
    this.organisations = config.organisations;
    this.members = applicationMembers(config, everyone).map(({ mspId }) => mspId);
    this.#groups = channelGroups(config, everyone);
    for (const definition of config.chaincodes) this.define(definition);
    this.#lifecycle = {
      ...lifecycle,
      name: lifecycle.namespace,
      endorsement: this.configured('/Channel/Application/LifecycleEndorsement'),
      addresses: {},
      collections: new Map(),
    };
  }

  /** Adds a chaincode, or puts another definition in the place of its old one. */
  define({ name, version, endorsementPolicy, collections, addresses }: ChaincodeConfig): void {
    const resolve = (text: string) => (isReference(text) ? this.configured(text) : parsePolicy(text));
    const parse = (collection: CollectionConfig): Collection => ({
      ...collection,
      membership: parsePolicy(collection.policy),
      endorsement: collection.endorsementPolicy ? resolve(collection.endorsementPolicy) : undefined,
    });
    this.#chaincodes.set(name, {
      name,
      version,
      endorsement: resolve(endorsementPolicy),
      addresses,
      collections: new Map((collections ?? []).map((collection) => [collection.name, parse(collection)])),
    });
  }

  /** Whether the channel's configuration knows an MSP: as a member of the application, or as the orderers'. */
  knows(mspId: string): boolean {
    return mspId === ordererMspId || this.members.includes(mspId);
  }

  /** A policy of the channel's configuration by its path. Throws where there is none. */
  configured(path: string): Policy {
    const policy = this.#configured.get(path) ?? policyAt(this.#groups, path);
    if (!policy) throw new Error(`channel ${this.name} has no policy ${path}`);
    this.#configured.set(path, policy);
    return policy;
  }

  /** Why a signer does not satisfy a policy of the channel's configuration, in Fabric's words; undefined where it does. */
  refusal(path: string, signer: Signer | undefined): string | undefined {
    const policy = this.configured(path);
    const signers = signer ? [signer] : [];
    if (evaluatePolicy(policy, signers)) return undefined;
    if (policy.kind !== 'implicit') return 'signature set did not satisfy policy';
    const satisfied = policy.rules.filter((rule) => evaluatePolicy(rule, signers)).length;
    return (
      `implicit policy evaluation failed - ${satisfied} sub-policies were satisfied, but this policy requires ` +
      `${policy.n} of the '${path.slice(path.lastIndexOf('/') + 1)}' sub-policies to be satisfied`
    );
  }

  /** Why a peer does not let a caller do what the policy guards, in Fabric's words; undefined where it does. */
  accessRefusal(path: string, caller: Signer | undefined): string | undefined {
    const refused = this.refusal(path, caller);
    return (
      refused &&
      `Failed evaluating policy on signed data during check policy on channel [${this.name}] with policy [${path}]: [${refused}]`
    );
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
    if (!definition || !this.members.includes(owner)) return undefined;
    return implicitCollection(owner, this.configured(`/Channel/Application/${owner}/Endorsement`));
  }

  collection(namespace: string, name: string): Collection {
    const found = this.findCollection(namespace, name);
    if (!found)
      throw new Error(`collection [${name}] not defined in the collection config for chaincode [${namespace}]`);
    return found;
  }
}
