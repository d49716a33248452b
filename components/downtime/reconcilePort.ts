import { chainsOf, dispensedPack } from '#components/dispensing/composePlan.ts';
import { keepNote } from '#components/dispensing/keepNote.ts';
import { intentOf, questionOf } from '#components/dispensing/planSteps.ts';
import { restOfFill } from '#components/dispensing/quantity.ts';
import { runDispensing } from '#components/dispensing/runDispensing.ts';
import { medicineOf } from '#components/prescriptions/content.ts';
import type { Signed } from '#components/signing/createSigned.ts';
import { occasionAt } from '#components/supply/compose.ts';
import { problemOf } from '#components/ui/errors.ts';
import type { NewDispense } from '#components/vault/dispenseOperations.ts';
import { expectData } from '#components/vault/errors.ts';
import { composeAccept, composeDispense, composeDispensing, openRelease } from '#components/vault/prescription.ts';
import { findProduct } from '#formulary/products.ts';
import { t } from '#messages/en.ts';
import { dropDispensing, keepDispensing, readDispensing } from '#server/dispensing/actions.ts';
import type { DispensingPlan } from '#server/dispensing/schema.ts';
import { lookupPrescription, refreshVerdict } from '#server/prescriptions/actions.ts';
import { lookUp } from '#server/supply/actions.ts';
import { noteOf } from './noteOf.ts';
import type { Composing, ReconcilePort } from './reconcile.ts';

/** Refusals that say that something was recorded before: whoever gets one asks the ledgers. */
const recordedBefore: readonly string[] = ['ALREADY_EXISTS', 'CONFLICT', 'COMPLETED', 'WRONG_STATE'];

/** The portal and its ledgers, for the pharmacist who is signed in. */
export function reconcilePort({
  own,
  device,
  person,
  signed,
  save,
}: {
  own: string;
  device: string;
  person: { name: string; institutionName: string | null };
  signed: Signed;
  save: ReconcilePort['save'];
}): ReconcilePort {
  /** The record of a hand-over as it was, at its own time, with the line of the log that it was written in. */
  const handOver = (made: Composing): NewDispense => {
    const { entry, prescription, quantity, isSubstitute } = made;
    const product = findProduct(entry.product);
    return {
      prescriptionId: prescription.id,
      quantity,
      fillComplete: quantity >= restOfFill(prescription),
      performer: { name: person.name, ...(person.institutionName && { institution: person.institutionName }) },
      handedOver: entry.at,
      note: noteOf(made, device),
      ...(entry.packs.length === 0 && { withoutPacks: 'downtime' as const }),
      ...(entry.without && { withoutSerial: t.dispensing.packs.without.reasons[entry.without] }),
      ...(isSubstitute && product && { substitution: { product, reason: entry.substitution ?? 'generic' } }),
    };
  };
  const standing = async (plan: DispensingPlan) => expectData(await readDispensing(questionOf(plan)));
  const drop = async ({ reserve }: DispensingPlan) =>
    void expectData(await dropDispensing({ dispenseId: reserve.reservation.dispenseId }));
  const isDispensed: ReconcilePort['isDispensed'] = async ({ id, dispense }) => {
    const found = await refreshVerdict(id);
    // Who neither holds it nor has dispensed on it may not see it.
    if (!found.ok && found.error.code === 'NOT_FOUND') return false;
    return expectData(found).prescription.dispenses.some((each) => each.id === dispense.id);
  };

  return {
    own,
    now: () => new Date(),
    save,
    lookup: async (redeemHash) => expectData(await lookupPrescription({ redeemHash })),
    accept: async (id, redeemHash) => void (await signed(await composeAccept(id, redeemHash), { sheet: 'quiet' })),
    open: async (prescription, redeemHash) => (await openRelease(prescription, redeemHash)).request,
    look: async (packs) =>
      expectData(await lookUp({ items: packs.map(({ gtin, serial }) => ({ kind: 'pack' as const, gtin, serial })) })),
    async composePlan(made) {
      return composeDispensing({
        dispense: handOver(made),
        scanned: made.packs.map(dispensedPack),
        plan: {
          medicine: medicineOf(made.request),
          chains: chainsOf(made.packs, occasionAt(made.entry.site, new Date(made.entry.at))),
        },
      });
    },
    composeDispense: async (made) => (await composeDispense(handOver(made))).intent,
    async keepNote(made, dispense) {
      // Only of what it holds is a pharmacy told whose it is.
      const verdict = expectData(await refreshVerdict(made.prescription.id));
      const noted = { dispense, handOver: handOver(made), institution: own };
      return (await keepNote(verdict, made.request, noted))?.message.slice(0, 600);
    },
    standing,
    async carryOn(plan, packet) {
      const { id: prescriptionId, reservation } = plan.reserve;
      if (packet !== undefined) {
        expectData(await keepDispensing({ dispenseId: reservation.dispenseId, prescriptionId, packet }));
      }
      return runDispensing(
        {
          standing: () => standing(plan),
          sign: async (step) => void (await signed(intentOf(plan, step, new Date()), { sheet: 'quiet' })),
          drop: () => drop(plan),
        },
        'finish',
      );
    },
    drop,
    isDispensed,
    async sign(intent) {
      try {
        await signed(intent, { sheet: 'quiet' });
      } catch (error) {
        if (!recordedBefore.includes(problemOf(error).code) || !(await isDispensed(intent))) throw error;
      }
    },
  };
}
