import { peer } from '@hyperledger/fabric-protos';
import { type ChaincodeConfig, DevnetError } from '../config.ts';
import type { SigningIdentity } from '../identity/membership.ts';
import type { Channel } from './channel.ts';
import { refusedChange } from './definition.ts';
import { definitionTransaction } from './definitionTransaction.ts';

/**
 * Commits a chaincode's definition on its channel with the next sequence; it holds from the next block on. Throws a DevnetError
 * where it may not follow the committed one.
 */
export async function commitDefinition(
  channel: Channel,
  definition: ChaincodeConfig,
  endorsers: readonly SigningIdentity[],
): Promise<void> {
  const { name } = definition;
  const refused = refusedChange(channel.store, definition);
  if (refused) throw new DevnetError(`channel ${channel.name}, chaincode ${name}: ${refused}`);
  const { txId, envelope } = definitionTransaction({ store: channel.store, definition, endorsers });
  const committed = new Promise<number>((resolve, reject) => {
    const leave = () => channel.events.off('block', check).off('failure', fail);
    const fail = (error: Error) => {
      leave();
      reject(error);
    };
    // In the same turn as the commit, so that no block is validated by the old definition after it.
    const check = () => {
      const outcome = channel.store.transaction(txId);
      if (!outcome) return;
      leave();
      if (outcome.code === peer.TxValidationCode.VALID) channel.policies.define(definition);
      resolve(outcome.code);
    };
    channel.events.on('block', check).on('failure', fail);
  });
  channel.order(envelope);
  const code = await committed;
  if (code !== peer.TxValidationCode.VALID)
    throw new DevnetError(`channel ${channel.name}, chaincode ${name}: its definition was refused with code ${code}`);
}
