import { z } from 'zod';
import { AppError } from '#server/errors.ts';
import type { Portal } from '#server/portal.ts';
import { registryShows } from '../people/walletFlows.ts';
import { removeWallet } from '../people/wallets.ts';
import { personOf } from './person.ts';
import { type Saga, setStep } from './store.ts';

const kept = z.object({ subject: z.string(), address: z.string() });

/**
 * Has the institution's connector bring the prescriber role in line with the registry; a wallet that was unlinked no
 * longer signs in and its sessions end. Doing it twice changes nothing. Throws CONNECTOR_UNAVAILABLE: then it has to wait.
 */
export async function grant(portal: Portal, saga: Saga): Promise<void> {
  const { subject, address } = kept.parse(saga.row.intent);
  const { mspId } = await personOf(portal, saga);
  if (saga.row.kind === 'unlinkWallet') await removeWallet(portal.db, saga.row.personId, address);
  const { linked } = await portal.connector.settleWallets({ mspId, subjectId: subject });
  if (saga.row.kind === 'linkWallet' && !linked.includes(address) && (await registryShows(portal, saga))) {
    throw new AppError('CONNECTOR_UNAVAILABLE', 'the peer of the connector has not got the wallet yet');
  }
  await setStep(portal.db, saga.row.id, 'grant', 'done', { proof: address });
}
