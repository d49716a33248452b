import { type FittingPack, fittingPack } from '#components/dispensing/composePlan.ts';
import type { Ending } from '#components/dispensing/packSteps.ts';
import { problemOf } from '#components/ui/errors.ts';
import type { MedicationRequest } from '#fhir/medicationRequest.ts';
import type { DispensingPlan, DispensingStanding } from '#server/dispensing/schema.ts';
import type { PrescriptionSummary, Verdict } from '#server/prescriptions/schema.ts';
import type { Looked } from '#server/supply/schema.ts';
import type { TransactionIntent } from '#server/transactions/schema.ts';
import { ConflictError, compareEntry, comparePacks, conflictOfCode } from './conflicts.ts';
import type { DowntimeEntry, DowntimeLine, DowntimePack, DowntimeProgress, Overruled } from './entry.ts';

type DispenseIntent = Extract<TransactionIntent, { kind: 'dispense' }>;

/** What is made of an entry before anything of it is signed. */
export interface Composing {
  entry: DowntimeEntry;
  number: number;
  prescription: PrescriptionSummary;
  request: MedicationRequest;
  quantity: number;
  isSubstitute: boolean;
  /** Conflicts that a person overruled and that are there. */
  overruled: readonly Overruled[];
  packs: FittingPack[];
}

/** Portal and ledgers, as bringing an entry to them needs them. Everything but `save` may fail at any time. */
export interface ReconcilePort {
  /** Id of the pharmacy. */
  own: string;
  now(): Date;
  /** Keeps how far the line is, on the disk of this device. */
  save(number: number, progress: DowntimeProgress): Promise<void>;
  lookup(redeemHash: string): Promise<Verdict>;
  accept(id: string, redeemHash: string): Promise<void>;
  open(prescription: PrescriptionSummary, redeemHash: string): Promise<MedicationRequest>;
  look(packs: DowntimePack[]): Promise<Looked[]>;
  composePlan(made: Composing): Promise<{ plan: DispensingPlan; packet: string }>;
  composeDispense(made: Composing): Promise<DispenseIntent>;
  /**
   * Keeps what the pharmacy needs to bill a hand-over with this id, while its prescription is open; answers in words why it cannot be
   * billed, where it cannot.
   */
  keepNote(made: Composing, dispense: string): Promise<string | undefined>;
  /** Where a plan stands, after finding out about all that was submitted for it. */
  standing(plan: DispensingPlan): Promise<DispensingStanding>;
  /** Carries a plan on to its end; `packet` is for the portal to keep, as long as nothing is dispensed. */
  carryOn(plan: DispensingPlan, packet: string | undefined): Promise<Ending>;
  /** Forgets what the portal kept of a plan of which nothing is recorded. */
  drop(plan: DispensingPlan): Promise<void>;
  /** Whether the care channel has the dispense, after finding out about what was submitted for it. */
  isDispensed(intent: DispenseIntent): Promise<boolean>;
  sign(intent: DispenseIntent): Promise<void>;
}

/**
 * Brings one line of the downtime log to the ledgers: accept, reserve, take the packs out, dispense, hand them over. What is
 * signed is made once and kept on this device before the first signature; the ledgers say how far it came, so that it can be
 * stopped at any moment and begun again, here or in another tab. Answers the progress that was kept: `done`, or `conflict` with
 * what a person has to settle. Throws what may pass by itself (no network, an undecided transaction).
 */
export async function reconcileLine(line: DowntimeLine, port: ReconcilePort): Promise<DowntimeProgress> {
  let progress = line.progress;
  const keep = async (next: DowntimeProgress) => {
    await port.save(line.number, next);
    progress = next;
    return next;
  };
  if (progress.state === 'done' || progress.state === 'settled') return progress;
  try {
    const withheld = await bring(line, () => progress, keep, port);
    const { conflict: _over, ...kept } = progress;
    const done = { ...kept, state: 'done' as const, doneAt: port.now().toISOString() };
    return await keep(withheld === undefined ? done : { ...done, withheld });
  } catch (thrown) {
    const conflict = thrown instanceof ConflictError ? thrown : conflictOfCode(problemOf(thrown).code);
    if (conflict === undefined) throw thrown;
    const kept = await withoutDeadParts(progress, conflict, port);
    return keep({ ...kept, state: 'conflict', conflict: conflict.at(port.now()) });
  }
}

async function bring(
  line: DowntimeLine,
  present: () => DowntimeProgress,
  keep: (next: DowntimeProgress) => Promise<DowntimeProgress>,
  port: ReconcilePort,
): Promise<string | undefined> {
  const { plan, packet, dispense } = present();
  if (plan) {
    const { dispensed, reserved } = await port.standing(plan);
    if (!dispensed && reserved !== 'own') await hold(line, port);
    return finishPlan(plan, dispensed ? undefined : packet, port);
  }
  if (dispense) {
    if (await port.isDispensed(dispense)) return undefined;
    await hold(line, port);
    await port.sign(dispense);
    return undefined;
  }
  const made = await compose(line, present(), port);
  const { id: prescriptionId } = made.prescription;
  const recorded = made.quantity < line.entry.quantity ? { recorded: made.quantity } : {};
  const { conflict: _over, recorded: _before, unbilled: _why, ...kept } = present();
  const begun = { ...kept, state: 'open' as const, prescriptionId, ...recorded };
  // Before the line says what is signed for it: whatever is recorded then has its note.
  const noted = async (dispense: string) => {
    const unbilled = await port.keepNote(made, dispense);
    return unbilled === undefined ? begun : { ...begun, unbilled };
  };
  if (made.packs.length > 0) {
    const composed = await port.composePlan(made);
    await keep({ ...(await noted(composed.plan.reserve.reservation.dispenseId)), ...composed });
    return finishPlan(composed.plan, composed.packet, port);
  }
  const composed = await port.composeDispense(made);
  await keep({ ...(await noted(composed.dispense.id)), dispense: composed });
  await port.sign(composed);
  return undefined;
}

/** The prescription, held by this pharmacy. */
async function hold({ redeemHash }: DowntimeLine, port: ReconcilePort): Promise<PrescriptionSummary> {
  const { outcome, refusal, prescription } = await port.lookup(redeemHash);
  if (outcome === 'refused') throw conflictOfCode(refusal ?? 'WRONG_STATE') ?? new ConflictError('REFUSED', refusal);
  if (outcome === 'acceptable') await port.accept(prescription.id, redeemHash);
  return prescription;
}

/** Everything that is compared before anything is reserved. */
async function compose(line: DowntimeLine, progress: DowntimeProgress, port: ReconcilePort): Promise<Composing> {
  const { entry, number, redeemHash } = line;
  const prescription = await hold(line, port);
  const request = await port.open(prescription, redeemHash);
  const compared = compareEntry(entry, { request, prescription }, progress.overruled ?? []);
  const looked = entry.packs.length > 0 ? await port.look(entry.packs) : [];
  comparePacks(entry.packs, looked, port.own, entry.product, port.now().getTime());
  const packs = looked.flatMap(fittingPack);
  if (packs.length < entry.packs.length) throw new ConflictError('PACK_REFUSED');
  return { ...{ entry, number, prescription, request, packs }, ...compared };
}

/** Carries a plan to its end; answers what the supply ledger would not take over. */
async function finishPlan(
  plan: DispensingPlan,
  packet: string | undefined,
  port: ReconcilePort,
): Promise<string | undefined> {
  const { kind, standing } = await port.carryOn(plan, packet);
  const failed = standing.chains.find(({ state }) => ['refused', 'stuck', 'withheld'].includes(state));
  if (kind === 'done') return failed && (failed.code ?? failed.state);
  throw failed ? new ConflictError('PACK_REFUSED', failed.code) : new ConflictError('COLLEAGUE');
}

/** A plan of which nothing is on a ledger is made anew the next time: what it was made for may be otherwise by then. */
async function withoutDeadParts(
  progress: DowntimeProgress,
  { kind }: ConflictError,
  port: ReconcilePort,
): Promise<DowntimeProgress> {
  const { plan, packet: _sealed, dispense, ...rest } = progress;
  if (plan === undefined) {
    // The ledger refused this very quantity, and what is left never rises: it can be recorded no more.
    return kind === 'MORE_THAN_LEFT' ? rest : progress;
  }
  const { dispensed, reserved, chains } = await port.standing(plan);
  if (dispensed || reserved === 'own' || chains.some(({ state }) => state === 'out')) return progress;
  await port.drop(plan);
  return rest;
}
