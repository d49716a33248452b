import { eq } from 'drizzle-orm';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { wallets } from '../gateways/db/schema/people.ts';
import type { Actor } from '../people/schema.ts';
import { issueOf, queueMint, relayLook } from '../prescriptions/relayQueue.ts';
import { setStep, settleSaga, stepOf } from '../sagas/store.ts';
import { allowTransaction } from './policy.ts';
import type { SagaView, SignedIssue } from './schema.ts';
import { openSagaOf } from './service.ts';

/**
 * Takes a doctor's signed token into the queue of the relay. Nothing is sent yet, and the doctor waits for nothing. Throws
 * MINT_INVALID where the signature is not by a wallet of the doctor's over the flow's own prescription.
 */
export async function relayMint(
  actor: Actor,
  { sagaId, deadline, signature }: SignedIssue,
  portal: Portal = thePortal(),
): Promise<SagaView> {
  allowTransaction(actor, 'issue');
  const saga = await openSagaOf(portal, actor, sagaId);
  if (saga.row.kind !== 'issue' || stepOf(saga.steps, 'sign')?.state !== 'done')
    throw new AppError('WRONG_STATE', 'nothing to mint yet');
  if (deadline * 1000 <= Date.now()) throw new AppError('MINT_INVALID', 'the signature is void');
  const issuer = await portal.ethereum.issuerOf(issueOf(portal, saga, deadline), signature);
  const own = await portal.db.select().from(wallets).where(eq(wallets.personId, saga.row.personId));
  if (!own.some(({ address }) => address === issuer)) throw new AppError('MINT_INVALID', 'signed by another wallet');
  await portal.db.transaction(async (tx) => {
    await queueMint(tx, saga, { deadline, signature });
    await setStep(tx, sagaId, 'mint', 'running', { proof: '' });
  });
  return settleSaga(portal.db, sagaId, relayLook());
}
