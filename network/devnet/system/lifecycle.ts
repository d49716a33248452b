import { peer } from '@hyperledger/fabric-protos';
import { type CommittedDefinition, committedDefinition } from '../channel/definition.ts';
import { denial, type SystemCall, SystemChaincodeError, textOf } from './call.ts';

/** What guards Fabric's functions on a channel; the others are for the administrators of a peer. */
const channelFunctions = [
  'CommitChaincodeDefinition',
  'QueryChaincodeDefinition',
  'QueryChaincodeDefinitions',
  'CheckCommitReadiness',
];

/** Fabric's chaincode of chaincode definitions (core/chaincode/lifecycle): its queries. Answers with the result's bytes. */
export function lifecycle(call: SystemCall): Uint8Array {
  const { args, channel } = call;
  if (args.length === 0) throw new SystemChaincodeError('lifecycle scc must be invoked with arguments');
  if (args.length !== 2)
    throw new SystemChaincodeError(
      `lifecycle scc operations require exactly two arguments but received ${args.length}`,
    );
  const name = textOf(args[0]);
  const denied = channelFunctions.includes(name)
    ? denial(call, channel.name, '/Channel/Application/Writers')
    : `Unmapped policy for _lifecycle/${name}`;
  if (denied !== undefined)
    throw new SystemChaincodeError(`Failed to authorize invocation due to failed ACL check: ${denied}`);
  const input = args[1] ?? new Uint8Array();
  if (name === 'QueryChaincodeDefinition') return definition(call, input);
  if (name === 'QueryChaincodeDefinitions') return definitions(call);
  throw new SystemChaincodeError(
    `failed to invoke backing implementation of '${name}': the devnet's definitions follow from its configuration`,
  );
}

function definition({ channel }: SystemCall, input: Uint8Array): Uint8Array {
  const args = peer.lifecycle.QueryChaincodeDefinitionArgs.deserializeBinary(input);
  const found = committedDefinition(channel.store, args.getName());
  if (!found) throw new SystemChaincodeError(`namespace ${args.getName()} is not defined`, 404);
  const result = new peer.lifecycle.QueryChaincodeDefinitionResult();
  describe(result, found);
  // Every organisation with a peer has the definition from the configuration; those without have nothing to approve with.
  for (const mspId of channel.policies.members)
    result.getApprovalsMap().set(mspId, channel.policies.organisations.includes(mspId));
  return result.serializeBinary();
}

function definitions({ channel }: SystemCall): Uint8Array {
  const result = new peer.lifecycle.QueryChaincodeDefinitionsResult();
  for (const { name } of channel.policies.chaincodes()) {
    const found = committedDefinition(channel.store, name);
    if (!found) continue;
    const item = new peer.lifecycle.QueryChaincodeDefinitionsResult.ChaincodeDefinition();
    item.setName(name);
    describe(item, found);
    result.addChaincodeDefinitions(item);
  }
  return result.serializeBinary();
}

function describe(
  result:
    | peer.lifecycle.QueryChaincodeDefinitionResult
    | peer.lifecycle.QueryChaincodeDefinitionsResult.ChaincodeDefinition,
  { sequence, endorsement, validation, collections }: CommittedDefinition,
): void {
  result.setSequence(sequence);
  result.setVersion(endorsement.getVersion());
  result.setEndorsementPlugin(endorsement.getEndorsementPlugin());
  result.setInitRequired(endorsement.getInitRequired());
  result.setValidationPlugin(validation.getValidationPlugin());
  result.setValidationParameter(validation.getValidationParameter_asU8());
  result.setCollections(collections);
}
