import type { Portal } from '#server/portal.ts';
import { noteTokenState } from '../prescriptions/readModel.ts';
import { queueState } from '../prescriptions/relayQueue.ts';
import { type Saga, setStep } from './store.ts';

/**
 * Has the notaries' word on the ledger's state brought to the token, with the next batch of the relay. A token that ended takes
 * nothing more. Doing it twice changes nothing. Throws ETHEREUM_UNAVAILABLE: then it has to wait.
 */
export async function attest(portal: Portal, saga: Saga): Promise<void> {
  const { id, subject } = saga.row;
  const token = await portal.ethereum.readToken(portal.ethereum.tokenIdOf(subject));
  if (token?.state !== 'dispensed' && token?.state !== 'cancelled') return queueState(portal, saga);
  await noteTokenState(portal.db, subject, token);
  await setStep(portal.db, id, 'attest', 'done', { proof: `version ${token.version}` });
}
