import type { Policy } from '../policy/policy.ts';

/** What one chaincode did for which endorsers have to be found: Fabric's peer.ChaincodeCall. */
export interface ChaincodeCall {
  chaincode: string;
  /** The private collection that was written or read; undefined for public data. */
  collection: string | undefined;
  /** Whether values of the collection were read, which only a peer of a member can. */
  readsPrivate: boolean;
  /** The endorsement policies of single keys that were written. */
  keyPolicies: Policy[];
  /** All keys that were written have policies of their own, so that the chaincode's is not asked for. */
  disregardsChaincode: boolean;
}

interface Touched {
  /** By collection, the empty name for public data: whether its own policy is needed. */
  needed: Map<string, boolean>;
  keyPolicies: Map<string, Policy>;
  privateReads: Set<string>;
}

/** Collects what a simulation asks of its endorsers (Fabric's buildChaincodeInterest in core/endorser). */
export class ChaincodeInterest {
  readonly #touched = new Map<string, Touched>();

  #of(chaincode: string): Touched {
    let touched = this.#touched.get(chaincode);
    if (!touched) {
      touched = { needed: new Map(), keyPolicies: new Map(), privateReads: new Set() };
      this.#touched.set(chaincode, touched);
    }
    return touched;
  }

  /** A key was written that has this policy of its own, or none. */
  wrote(chaincode: string, collection: string, key: string, own: Policy | undefined): void {
    const { needed, keyPolicies } = this.#of(chaincode);
    if (!needed.has('')) needed.set('', false);
    if (own) keyPolicies.set(JSON.stringify([collection, key]), own);
    else needed.set(collection, true);
  }

  readPrivate(chaincode: string, collection: string): void {
    this.#of(chaincode).privateReads.add(collection);
  }

  /** What `namespaces` of the read-write set ask for; Fabric's own, which begin with an underscore, ask for nothing. */
  calls(namespaces: readonly string[]): ChaincodeCall[] {
    return namespaces
      .filter((chaincode) => !chaincode.startsWith('_'))
      .flatMap((chaincode) => {
        const { needed, keyPolicies, privateReads } = this.#of(chaincode);
        const required = new Map(needed.size > 0 ? needed : [['', true]]);
        for (const collection of privateReads) required.set(collection, true);
        const ownNeeded = required.get('') ?? false;
        return [...required.keys()].flatMap((collection): ChaincodeCall[] => {
          const call = {
            chaincode,
            readsPrivate: privateReads.has(collection),
            keyPolicies: [],
            disregardsChaincode: false,
          };
          if (collection !== '') return [{ ...call, collection }];
          if (!ownNeeded && keyPolicies.size === 0) return [];
          return [
            { ...call, collection: undefined, keyPolicies: [...keyPolicies.values()], disregardsChaincode: !ownNeeded },
          ];
        });
      });
  }
}
