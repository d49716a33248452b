import { setTimeout as delay } from 'node:timers/promises';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { prescriptionIssue } from '#chaincode/model/records.ts';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { wallets } from '../gateways/db/schema/people.ts';
import type { Mint } from '../gateways/ethereum/ethereum.ts';
import type { Actor } from '../people/schema.ts';
import { noteMint } from '../prescriptions/readModel.ts';
import { findSaga, type Saga, setStep, settleSaga, stepOf, updateSaga } from '../sagas/store.ts';
import { allowTransaction } from './policy.ts';
import type { SagaView } from './schema.ts';
import { openSagaOf } from './service.ts';

const mintable = z.object({ issue: prescriptionIssue, tokenHolder: z.string() });

/** Throws MINT_INVALID unless a mint is that of the flow's prescription, by a wallet of its person. */
async function assertMint(portal: Portal, saga: Saga, mint: Mint): Promise<void> {
  const { issue, tokenHolder } = mintable.parse(saga.row.intent);
  const expected: Omit<Mint, 'issuer'> = {
    tokenId: portal.ethereum.tokenIdOf(issue.id),
    holder: tokenHolder,
    commitment: issue.commitment,
    expires: Math.floor(Date.parse(issue.expires) / 1000),
  };
  const names = ['tokenId', 'holder', 'commitment', 'expires'] as const;
  const wrong = names.find((name) => mint[name] !== expected[name]);
  if (wrong !== undefined) throw new AppError('MINT_INVALID', `${wrong} differs`);
  const own = await portal.db.select().from(wallets).where(eq(wallets.personId, saga.row.personId));
  if (!own.some(({ address }) => address === mint.issuer))
    throw new AppError('MINT_INVALID', 'issuer is another wallet');
}

async function finish(portal: Portal, saga: Saga, mint: Mint, transactionHash: string): Promise<SagaView> {
  await assertMint(portal, saga, mint);
  await noteMint(portal.db, saga.row.subject, mint, transactionHash);
  await setStep(portal.db, saga.row.id, 'mint', 'done', { proof: transactionHash || mint.tokenId });
  return settleSaga(portal.db, saga.row.id);
}

const isInvalid = (error: unknown) => error instanceof AppError && error.code === 'MINT_INVALID';

/**
 * Takes up a mint whose transaction is mined, or whose token is on the chain although nobody told the portal. Answers
 * the flow's view, or undefined when there is neither. A transaction that was reverted or minted something else, and a
 * token that is another's, leave the step to its person.
 */
export async function findMint(portal: Portal, saga: Saga): Promise<SagaView | undefined> {
  const { ethereum, db } = portal;
  const { id, subject } = saga.row;
  const hash = stepOf(saga.steps, 'mint')?.proof ?? '';
  const tokenId = ethereum.tokenIdOf(subject);
  const byHash = async () => (hash === '' ? undefined : ethereum.readMint(hash, tokenId, 2_000));
  const byToken = async () => {
    const token = await ethereum.readToken(tokenId, 2_000);
    return token && { tokenId, ...token };
  };
  let refused = false;
  for (const [read, transactionHash] of [[byHash, hash] as const, [byToken, ''] as const]) {
    try {
      const mint = await read();
      if (mint !== undefined) return await finish(portal, saga, mint, transactionHash);
    } catch (error) {
      if (!isInvalid(error)) throw error;
      refused = true;
    }
  }
  if (!refused) return undefined;
  await setStep(db, id, 'mint', 'waiting', { proof: '', error: 'MINT_INVALID' });
  return settleSaga(db, id);
}

const waitMs = 10_000;

/**
 * Takes the hash of the transaction by which the doctor's wallet minted. What it did is read from the chain and never
 * taken from the page. A transaction that is not mined yet is kept, and the worker looks for it.
 */
export async function recordMint(
  actor: Actor,
  input: { sagaId: string; transactionHash: string },
  portal: Portal = thePortal(),
): Promise<SagaView> {
  allowTransaction(actor, 'issue');
  const saga = await openSagaOf(portal, actor, input.sagaId);
  if (saga.row.kind !== 'issue' || stepOf(saga.steps, 'sign')?.state !== 'done') {
    throw new AppError('WRONG_STATE', 'nothing to mint yet');
  }
  const { id } = saga.row;
  const tokenId = portal.ethereum.tokenIdOf(saga.row.subject);
  await portal.db.transaction(async (tx) => {
    // Should this process end while it waits, the worker looks for the token soon after.
    await updateSaga(tx, id, { state: 'running', dueAt: new Date(Date.now() + waitMs + 3_000), attempts: 0 });
    await setStep(tx, id, 'mint', 'running', { proof: input.transactionHash });
  });
  try {
    for (let waited = 0; waited < waitMs; waited += 200) {
      const mint = await portal.ethereum.readMint(input.transactionHash, tokenId);
      if (mint !== undefined) return await finish(portal, saga, mint, input.transactionHash);
      await delay(200);
    }
  } catch (error) {
    if (isInvalid(error)) {
      const view = await findMint(portal, await reload(portal, saga));
      if (view?.steps.some(({ name, state }) => name === 'mint' && state === 'done')) return view;
      throw error;
    }
    if (!(error instanceof AppError) || error.code !== 'ETHEREUM_UNAVAILABLE') throw error;
  }
  return settleSaga(portal.db, id, new Date(Date.now() + 3_000));
}

/** Reads a flow anew, after it was changed. */
export async function reload(portal: Portal, saga: Saga): Promise<Saga> {
  const again = await findSaga(portal.db, saga.row.id);
  if (again === undefined) throw new AppError('NOT_FOUND', saga.row.id);
  return again;
}
