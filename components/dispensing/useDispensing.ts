'use client';

import { useCallback, useRef, useState } from 'react';
import { medicineOf } from '#components/prescriptions/content.ts';
import { usePerson } from '#components/shell/ShellContext.tsx';
import { useRecording } from '#components/signing/useRecording.ts';
import { occasionAt } from '#components/supply/compose.ts';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import type { NewDispense } from '#components/vault/dispenseOperations.ts';
import { VaultError } from '#components/vault/errors.ts';
import {
  composeAccept,
  composeDispense,
  composeDispensing,
  forgetCode,
  openRelease,
  redeem,
} from '#components/vault/prescription.ts';
import type { OpenedPrescription } from '#components/vault/prescriptionOperations.ts';
import { composeTransfer, openTransferred } from '#components/vault/transfers.ts';
import type { MedicationRequest } from '#fhir/medicationRequest.ts';
import { lookupPrescription, refreshVerdict } from '#server/prescriptions/actions.ts';
import type { PrescriptionSummary, Verdict } from '#server/prescriptions/schema.ts';
import type { TransactionIntent } from '#server/transactions/schema.ts';
import type { PageChecks } from './Checks.tsx';
import { chainsOf, dispensedPack } from './composePlan.ts';
import { keepNote } from './keepNote.ts';
import { restOfFill } from './quantity.ts';
import type { HandOutOrder } from './useHandOut.ts';

export type Outcome = 'complete' | 'part' | 'returned' | 'closed';
export type Phase =
  | 'idle'
  | 'looking'
  | 'forged'
  | 'mismatch'
  | 'unreadable'
  | 'verdict'
  | 'accepting'
  | 'opening'
  | 'open'
  | 'recording'
  | 'done';

export interface Dispensing {
  phase: Phase;
  verdict: Verdict | null;
  request: MedicationRequest | null;
  checks: PageChecks;
  problem: Problem | null;
  /** True while nobody knows whether what was signed is recorded. */
  unsure: boolean;
  outcome: Outcome | null;
  /** Why what was handed out cannot be billed to an insurer. */
  unbilled: Problem | null;
}

const unopened: PageChecks = { signature: 'pending', commitment: 'pending' };
const idle: Dispensing = {
  phase: 'idle',
  verdict: null,
  request: null,
  checks: unopened,
  problem: null,
  unsure: false,
  outcome: null,
  unbilled: null,
};

/** What a recorded intent means for the prescription, of which `left` was left before. */
function outcomeOf(intent: TransactionIntent, left: number): Outcome {
  if (intent.kind === 'return') return 'returned';
  if (intent.kind === 'close') return 'closed';
  return intent.kind === 'dispense' && intent.dispense.quantity < left ? 'part' : 'complete';
}

/** What a pharmacist says of a hand-over besides how much: why some has no serial number, the clinical check, a note, who fetches it. */
type Said = Pick<NewDispense, 'withoutSerial' | 'safety' | 'note' | 'pickup'>;

/** One prescription at the counter, from its code to what was handed out. The code itself stays in the vault's worker. */
export function useDispensing() {
  const person = usePerson();
  const [state, setState] = useState<Dispensing>(idle);
  const redeemHash = useRef<string | null>(null);
  /** How its content is opened: by the code that was read, or by what came with its transfer. */
  const opener = useRef<((prescription: PrescriptionSummary) => Promise<OpenedPrescription>) | null>(null);
  const recording = useRecording((intent) => {
    const { request } = state;
    return 'id' in intent && request?.id === intent.id ? { [request.id]: medicineOf(request) } : {};
  });

  const open = useCallback(async (verdict: Verdict) => {
    const how = opener.current;
    if (!how) return;
    setState((was) => ({ ...was, verdict, phase: 'opening', problem: null, unsure: false }));
    try {
      const { request, commitmentMatches } = await how(verdict.prescription);
      const checks: PageChecks = { signature: 'pass', commitment: commitmentMatches ? 'pass' : 'fail' };
      setState((was) => ({ ...was, phase: 'open', request, checks }));
    } catch (thrown) {
      const problem = problemOf(thrown, 'UNREADABLE');
      // Bytes that do not answer say nothing about the signature; bytes that differ do.
      const unanswered = /_UNAVAILABLE$|^OFFLINE$|^VAULT_LOCKED$/.test(problem.code);
      const checks: PageChecks = { signature: unanswered ? 'pending' : 'fail', commitment: 'pending' };
      setState((was) => ({ ...was, phase: 'verdict', problem, checks }));
    }
  }, []);

  /** Takes a scanned text or a typed code. */
  const start = useCallback(
    async (text: string) => {
      recording.forget();
      setState({ ...idle, phase: 'looking' });
      let scanned: Awaited<ReturnType<typeof redeem>>;
      try {
        scanned = await redeem(text);
      } catch (thrown) {
        const problem = problemOf(thrown);
        return setState({ ...idle, phase: problem.code === 'VAULT_LOCKED' ? 'idle' : 'unreadable', problem });
      }
      const { redeemHash: hash } = scanned;
      if (redeemHash.current !== null && redeemHash.current !== hash) void forgetCode(redeemHash.current);
      redeemHash.current = hash;
      opener.current = (prescription) => openRelease(prescription, hash);
      try {
        const found = await lookupPrescription({ redeemHash: scanned.redeemHash });
        if (!found.ok) {
          const unknown = found.error.code === 'WRONG_CODE' || found.error.code === 'NOT_FOUND';
          return setState(unknown ? { ...idle, phase: 'forged' } : { ...idle, problem: found.error });
        }
        const verdict = found.data;
        if (scanned.prescriptionId && scanned.prescriptionId !== verdict.prescription.id) {
          return setState({ ...idle, phase: 'mismatch' });
        }
        setState({ ...idle, phase: 'verdict', verdict });
        if (verdict.outcome === 'yours') await open(verdict);
      } catch (thrown) {
        setState({ ...idle, problem: problemOf(thrown, 'OFFLINE') });
      }
    },
    [open, recording],
  );

  const refreshed = useCallback(async (id: string): Promise<Verdict> => {
    const result = await refreshVerdict(id);
    if (!result.ok) throw result.error;
    return result.data;
  }, []);

  /** Opens a prescription that was transferred to this pharmacy, without its code. */
  const startHeld = useCallback(
    async (id: string) => {
      recording.forget();
      setState({ ...idle, phase: 'looking' });
      try {
        const verdict = await refreshed(id);
        const { holder } = verdict.prescription;
        if (verdict.outcome !== 'yours' || holder === undefined) {
          return setState({ ...idle, problem: { code: 'HELD_BY_ANOTHER', message: '' } });
        }
        redeemHash.current = null;
        opener.current = (prescription) => openTransferred(prescription, holder.institutionId);
        setState({ ...idle, phase: 'verdict', verdict });
        await open(verdict);
      } catch (thrown) {
        setState({ ...idle, problem: problemOf(thrown, 'OFFLINE') });
      }
    },
    [open, recording, refreshed],
  );

  const accept = useCallback(async () => {
    const { verdict } = state;
    const hash = redeemHash.current;
    if (!verdict || !hash) return;
    const { id } = verdict.prescription;
    setState((was) => ({ ...was, phase: 'accepting', problem: null }));
    try {
      await recording.record(id, 'accept', async () => ({ intent: await composeAccept(id, hash) }));
    } catch (thrown) {
      const unsure = recording.isOpen(id);
      return setState((was) => ({ ...was, phase: 'verdict', problem: problemOf(thrown), unsure }));
    }
    // It is held here now, whether or not a new verdict comes.
    await open(await refreshed(id).catch((): Verdict => ({ ...verdict, outcome: 'yours' })));
  }, [open, recording, refreshed, state]);

  const record = useCallback(
    async (request: string, compose: (prescription: PrescriptionSummary) => Promise<TransactionIntent>) => {
      const { verdict } = state;
      if (!verdict) return;
      const { prescription } = verdict;
      setState((was) => ({ ...was, phase: 'recording', problem: null }));
      try {
        const { composed } = await recording.record(prescription.id, request, async () => ({
          intent: await compose(prescription),
        }));
        // What was recorded is recorded: a verdict that does not come is no failure of it.
        const after = await refreshed(prescription.id).catch(() => verdict);
        const outcome = outcomeOf(composed.intent, prescription.left);
        setState((was) => ({ ...was, phase: 'done', outcome, verdict: after, unsure: false }));
      } catch (thrown) {
        const unsure = recording.isOpen(prescription.id);
        const problem = problemOf(thrown);
        setState((was) => ({ ...was, phase: was.request ? 'open' : 'verdict', problem, unsure }));
      }
    },
    [recording, refreshed, state],
  );

  /** A hand-over of units, as the record of it begins. */
  const handOver = (prescription: PrescriptionSummary, quantity: number, said: Said): NewDispense => ({
    ...said,
    prescriptionId: prescription.id,
    quantity,
    fillComplete: quantity >= restOfFill(prescription),
    performer: { name: person.name, ...(person.institutionName && { institution: person.institutionName }) },
    handedOver: new Date().toISOString(),
  });

  /** Keeps what the pharmacy needs to bill it, before it is recorded. */
  const keep = async (dispense: string, made: NewDispense) => {
    const { verdict, request } = state;
    if (!verdict || !request) return;
    const { institutionId: institution } = person;
    const unbilled = await keepNote(verdict, request, { dispense, handOver: made, institution });
    setState((was) => ({ ...was, unbilled }));
  };

  /** Hands out what has no serial number to scan. */
  const dispense = (quantity: number, said: Said) =>
    record(`dispense ${quantity} ${JSON.stringify(said)}`, async (prescription) => {
      const made = handOver(prescription, quantity, said);
      const { intent } = await composeDispense(made);
      await keep(intent.dispense.id, made);
      return intent;
    });

  /** The plan of a hand-over of scanned packs, made at one place of the pharmacy. */
  const composePacks = async ({ packs, quantity, substitution }: HandOutOrder, site: string, said: Said) => {
    const { verdict, request } = state;
    if (!verdict || !request) throw new VaultError('NOT_OPENED', 'Open the prescription first.');
    const made = {
      ...handOver(verdict.prescription, quantity, said),
      ...(substitution !== undefined && { substitution }),
    };
    const composed = await composeDispensing({
      dispense: made,
      scanned: packs.map(dispensedPack),
      plan: { medicine: medicineOf(request), chains: chainsOf(packs, occasionAt(site)) },
    });
    await keep(composed.plan.reserve.reservation.dispenseId, made);
    return composed;
  };

  /** Shows that so many units were handed out in packs. */
  const handedOut = async (quantity: number) => {
    const { verdict } = state;
    if (!verdict) return;
    const { id, left } = verdict.prescription;
    const after = await refreshed(id).catch(() => verdict);
    setState((was) => ({ ...was, phase: 'done', outcome: quantity < left ? 'part' : 'complete', verdict: after }));
  };

  /** Offers the opened prescription to another pharmacy. Throws what prevents it. */
  const offer = async (institutionId: string) => {
    const { verdict } = state;
    if (!verdict) return;
    const { id } = verdict.prescription;
    await recording.record(id, `offer ${institutionId}`, async () => ({
      intent: await composeTransfer(id, institutionId),
    }));
    await look();
  };

  /** Shows how the prescription stands now, after somebody answered or offered. */
  const look = async () => {
    const { verdict } = state;
    if (!verdict) return;
    const after = await refreshed(verdict.prescription.id).catch(() => verdict);
    setState((was) => ({
      ...was,
      verdict: after,
      ...(after.prescription.holder === undefined && { phase: 'verdict' }),
    }));
  };

  const giveBack = () => record('return', async ({ id }) => ({ kind: 'return', id }));

  const close = (reason: string) => record(`close ${reason}`, async ({ id }) => ({ kind: 'close', id, reason }));

  const clear = useCallback(() => {
    if (redeemHash.current !== null) void forgetCode(redeemHash.current);
    redeemHash.current = null;
    opener.current = null;
    recording.forget();
    setState(idle);
  }, [recording]);

  const more = () => {
    if (state.verdict) void open(state.verdict);
  };

  return {
    state,
    start,
    startHeld,
    offer,
    look,
    accept,
    dispense,
    composePacks,
    handedOut,
    giveBack,
    close,
    clear,
    more,
  };
}
