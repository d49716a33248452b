import type { z } from 'zod';
import type { LedgerErrorCode } from '#chaincode/model/errors.ts';
import { type EventView, expiresAt } from '#chaincode/model/trace.ts';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import type { Actor } from '../people/schema.ts';
import { readFromLedger } from '../prescriptions/ledger.ts';
import { maySee } from '../prescriptions/policy.ts';
import { reconcile } from '../sagas/effects.ts';
import { findSaga, stepOf, submittedSagas } from '../sagas/store.ts';
import { type PackNow, readEvent, readPacks } from '../supply/ledger.ts';
import { captureSubject } from '../trace/kinds.ts';
import { identityOf } from '../transactions/service.ts';
import { allowDispensing } from './policy.ts';
import type { readDispensing as asking, ChainState, DispensingStanding } from './schema.ts';

type Question = z.output<typeof asking>;
type Chain = DispensingStanding['chains'][number];

/**
 * Where a dispense of packs stands on its ledgers, after finding out about all that the actor has submitted for it: what it says
 * does not change but by what is signed next, or by others. Throws LEDGER_UNDECIDED while nobody knows, NOT_FOUND for a
 * prescription that the actor may not see.
 */
export async function readDispensing(
  actor: Actor,
  { prescriptionId, dispenseId, chains }: Question,
  portal: Portal = thePortal(),
): Promise<DispensingStanding> {
  allowDispensing(actor);
  const captures = chains.flatMap(({ channel, captures: names }) =>
    names.map((capture) => captureSubject({ capture, channel })),
  );
  await settle(portal, actor, [prescriptionId, ...captures]);
  const [prescription, ...stand] = await Promise.all([
    readFromLedger(portal.ledger, prescriptionId, actor.mspId),
    ...chains.map((chain) => readChain(portal, actor, chain)),
  ]);
  if (!maySee(actor, prescription)) throw new AppError('NOT_FOUND', `${prescriptionId} is not the actor's to see`);
  const { reservation, dispenses } = prescription;
  return {
    reserved: reservation === undefined ? 'none' : reservation.dispenseId === dispenseId ? 'own' : 'other',
    dispensed: dispenses.some(({ id }) => id === dispenseId),
    chains: stand,
  };
}

/** Finds out what became of what the actor submitted about these subjects. Throws LEDGER_UNDECIDED. */
async function settle(portal: Portal, actor: Actor, subjects: string[]): Promise<void> {
  const open = (
    await Promise.all(subjects.map((subject) => submittedSagas(portal.db, actor.personId, subject)))
  ).flat();
  if (open.length === 0) return;
  const person = await identityOf(portal, actor);
  for (const saga of open) {
    if (await reconcile(portal, saga, person)) continue;
    const now = await findSaga(portal.db, saga.row.id);
    if (now && stepOf(now.steps, 'sign')?.state === 'running') {
      throw new AppError('LEDGER_UNDECIDED', `saga ${saga.row.id} is not decided`);
    }
  }
}

async function readChain(portal: Portal, { mspId }: Actor, chain: Question['chains'][number]): Promise<Chain> {
  const { channel, decommission, handOver, packs } = chain;
  const [left, handed, now] = await Promise.all([
    readEvent(portal.ledger, channel, decommission, mspId),
    readEvent(portal.ledger, channel, handOver, mspId),
    readPacks(portal.ledger, channel, packs, mspId),
  ]);
  return chainOf(left, handed, now, Date.now());
}

const withCode = (state: ChainState, code: LedgerErrorCode | undefined): Chain => ({ state, ...(code && { code }) });

/** Where the packs of one channel stand, by what was decided about both events and what the packs are now. */
export function chainOf(
  left: EventView | undefined,
  handed: EventView | undefined,
  packs: readonly Pick<PackNow, 'state' | 'recalls' | 'expiry'>[],
  now: number,
): Chain {
  if (handed !== undefined) {
    return handed.event.outcome === 'accepted' ? { state: 'handedOver' } : withCode('withheld', handed.event.code);
  }
  if (left === undefined) return { state: 'waiting' };
  if (left.event.outcome === 'refused') return withCode('refused', left.event.code);
  const { declaration } = left;
  if (declaration?.outcome === 'accepted') return { state: 'undone' };
  if (declaration !== undefined) return withCode('stuck', declaration.code);
  // What the contract would refuse is not asked of it: it would keep the refusal as suspicious.
  if (packs.some(({ recalls }) => recalls.length > 0)) return withCode('stuck', 'RECALLED');
  if (packs.some(({ expiry }) => expiresAt({ expiry }) <= now)) return withCode('stuck', 'EXPIRED');
  if (packs.some(({ state }) => state !== 'decommissioned')) return withCode('stuck', 'WRONG_STATE');
  return { state: 'out' };
}
