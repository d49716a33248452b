import { peer } from '@hyperledger/fabric-protos';
import type { Chaincode, ChannelPolicies } from '../channel/policies.ts';
import type { Membership } from '../identity/membership.ts';
import { IdentityError } from '../identity/msp.ts';
import { evaluatePolicy, type Policy, type Signer } from '../policy/policy.ts';
import type { NamespaceChanges } from './changes.ts';
import type { KeyPolicies } from './keyPolicies.ts';
import * as keys from './keys.ts';
import { type EndorserTransaction, TransactionError } from './transaction.ts';

const codes = peer.TxValidationCode;

function fail(code: number, message: string): never {
  throw new TransactionError(code, message);
}

/** What the endorsements of a transaction are checked against. */
export interface EndorsementRules {
  membership: Membership;
  policies: ChannelPolicies;
  keyPolicies: KeyPolicies;
}

/**
 * Checks that the endorsers may have made the changes: for each key its own policy, else its collection's, else the
 * chaincode's (Fabric's plugindispatcher and statebased/v20.go). Throws TransactionError.
 */
export function checkEndorsements(
  transaction: EndorserTransaction,
  changes: readonly NamespaceChanges[],
  rules: EndorsementRules,
): void {
  const { action, chaincodeName, event } = transaction;
  const invoked = action.getChaincodeId();
  if (!invoked) fail(codes.INVALID_OTHER_REASON, 'the result names no chaincode');
  if (chaincodeName === '' || invoked.getName() !== chaincodeName || invoked.getVersion() === '')
    fail(codes.INVALID_CHAINCODE, `the result is of chaincode ${invoked.getName()}, not of ${chaincodeName}`);
  if (event && event.getChaincodeId() !== chaincodeName)
    fail(codes.INVALID_OTHER_REASON, 'the event is of another chaincode');
  const written = new Map<string, NamespaceChanges | undefined>([[chaincodeName, undefined]]);
  const namespaces = new Set<string>();
  for (const change of changes) {
    if (namespaces.has(change.namespace)) fail(codes.ILLEGAL_WRITESET, `${change.namespace} stands in the set twice`);
    namespaces.add(change.namespace);
    if (change.namespace === chaincodeName || writes(change)) written.set(change.namespace, change);
  }
  const signers = endorsers(transaction, rules.membership);
  for (const [namespace, change] of written) {
    const definition = rules.policies.chaincode(namespace);
    if (!definition) fail(codes.INVALID_CHAINCODE, `chaincode ${namespace} is not defined on the channel`);
    checkNamespace(definition, change, signers, rules);
  }
}

function writes({ content, collections }: NamespaceChanges): boolean {
  return (
    content.getWritesList().length > 0 ||
    content.getMetadataWritesList().length > 0 ||
    collections.some(
      ({ hashed }) => hashed.getHashedWritesList().length > 0 || hashed.getMetadataWritesList().length > 0,
    )
  );
}

/** The chaincode's own policy has to hold too when no other was asked for. */
function checkNamespace(
  definition: Chaincode,
  change: NamespaceChanges | undefined,
  signers: readonly Signer[],
  { policies, keyPolicies }: EndorsementRules,
): void {
  const satisfied = new Set<Policy>();
  const check = (policy: Policy, of: string) => {
    if (satisfied.has(policy)) return;
    if (!evaluatePolicy(policy, signers))
      fail(codes.ENDORSEMENT_POLICY_FAILURE, `validation of endorsement policy for ${of} failed`);
    satisfied.add(policy);
  };
  const { content, collections = [] } = change ?? {};
  for (const write of [...(content?.getWritesList() ?? []), ...(content?.getMetadataWritesList() ?? [])]) {
    const own = keyPolicies.of(keys.stateKey(definition.name, write.getKey()));
    check(own ?? definition.endorsement, own ? `key ${write.getKey()}` : `chaincode ${definition.name}`);
  }
  for (const { name, hashed } of collections)
    for (const write of [...hashed.getHashedWritesList(), ...hashed.getMetadataWritesList()]) {
      const own = keyPolicies.of(keys.hashKey(definition.name, name, write.getKeyHash_asU8()));
      const collection = policies.findCollection(definition.name, name);
      if (own) check(own, `a key of collection ${name}`);
      else if (!collection) fail(codes.ENDORSEMENT_POLICY_FAILURE, `no such collection '${name}'`);
      else check(collection.endorsement ?? definition.endorsement, `collection ${name} chaincode ${definition.name}`);
    }
  if (satisfied.size === 0) check(definition.endorsement, `chaincode ${definition.name}`);
}

/** The distinct endorsers whose signatures are good; the others do not count. */
function endorsers(transaction: EndorserTransaction, membership: Membership): Signer[] {
  const signers = new Map<string, Signer>();
  for (const endorsement of transaction.endorsements) {
    const endorser = endorsement.getEndorser_asU8();
    try {
      const identity = membership.identity(endorser);
      const message = Buffer.concat([transaction.responsePayloadBytes, endorser]);
      if (membership.verify(identity, message, endorsement.getSignature_asU8())) signers.set(identity.id, identity);
    } catch (error) {
      if (!(error instanceof IdentityError)) throw error;
    }
  }
  return [...signers.values()];
}
