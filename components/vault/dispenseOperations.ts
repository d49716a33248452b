import type { PickupKind } from '#chaincode/model/prescriptionTerms.ts';
import { type Bytes, toBase64Url } from '#crypto/bytes.ts';
import { newIdentifier } from '#crypto/identifier.ts';
import { newPacksSalt, openDispensing, packsHashOf, sealDispensing } from '#crypto/packs.ts';
import { formatPickupCode, newPickupCode, parsePickupCode, pickupHashOf, pickupKeyOf } from '#crypto/pickup.ts';
import { openContent, sealDispense } from '#crypto/prescription.ts';
import { safetySummaryOf } from '#crypto/safety.ts';
import {
  buildMedicationDispense,
  type DispenseContent,
  type DispensedPack,
  type MedicationDispense,
  parseMedicationDispense,
  safetyOfDispense,
} from '#fhir/medicationDispense.ts';
import { encodeResource } from '#fhir/parse.ts';
import type { DispensingPlan } from '#server/dispensing/schema.ts';
import type { TransactionIntent } from '#server/transactions/schema.ts';
import { VaultError } from './errors.ts';
import { bySeed, type OpenState } from './openVault.ts';
import { openedBefore } from './prescriptionOperations.ts';

export type DispenseIntent = Extract<TransactionIntent, { kind: 'dispense' }>;

/** A hand-over, as the page knows it. */
export interface NewDispense extends Omit<DispenseContent, 'id' | 'request' | 'performer' | 'packs'> {
  prescriptionId: string;
  performer: { name: string; institution?: string };
  /** Why there are no packs, in the ledger's words; `noSerial` where it is left out. */
  withoutPacks?: DispenseIntent['dispense']['withoutPacks'];
  /** Who fetches it for the patient, with the one-time code. */
  pickup?: { kind: PickupKind; code: string };
}

/** What proves the one-time code to the ledger. Throws PICKUP_CODE. */
function pickupProof(dataKey: Bytes, id: string, typed: string): { pickupKey: string } {
  const code = parsePickupCode(typed);
  if (code === undefined) throw new VaultError('PICKUP_CODE', 'This is no code for fetching a prescription.');
  return { pickupKey: toBase64Url(pickupKeyOf(dataKey, id, code)) };
}

/** Makes and opens what is handed out on a prescription that was opened before, and lets somebody fetch it. */
export function dispenseOperations(opened: () => OpenState) {
  /** The FHIR record of a hand-over, encrypted under its prescription's data key, with what signs it. */
  const recordDispense = async (
    state: OpenState,
    id: string,
    input: NewDispense & Pick<DispenseContent, 'packs'>,
  ): Promise<{ intent: DispenseIntent; dispense: MedicationDispense }> => {
    const { prescriptionId, performer, pickup, withoutPacks, ...content } = input;
    const { dataKey, request } = openedBefore(state, prescriptionId);
    const author = state.owner.subjectId;
    const dispense = buildMedicationDispense({ ...content, id, request, performer: { ...performer, id: author } });
    const checked = safetyOfDispense(dispense);
    const sealed = await sealDispense(dataKey, { id, author }, encodeResource(dispense));
    const { cid, contentHash, bytes } = sealed;
    return {
      intent: {
        kind: 'dispense',
        id: prescriptionId,
        dispense: {
          ...{ id, quantity: content.quantity, cid, contentHash },
          ...(content.substitution && { substitution: { reason: content.substitution.reason } }),
          // Of the resource as it was built, which is what whoever opens it has.
          ...(checked !== undefined && { safety: safetySummaryOf(id, checked) }),
          ...(content.packs === undefined && { withoutPacks: withoutPacks ?? ('noSerial' as const) }),
          ...(pickup !== undefined && { handedTo: pickup.kind }),
        },
        envelope: toBase64Url(bytes),
        // Where packs are reserved, the reservation has proved it.
        ...(pickup !== undefined && content.packs === undefined && pickupProof(dataKey, prescriptionId, pickup.code)),
      },
      dispense,
    };
  };

  return {
    /** Opens a dispense of a prescription that was opened before. */
    async openDispense(input: {
      prescriptionId: string;
      dispense: { id: string; practitionerId: string; cid: string; contentHash: string };
      bytes: Uint8Array;
    }): Promise<MedicationDispense> {
      const { dataKey } = openedBefore(opened(), input.prescriptionId);
      const { practitionerId: author, ...dispense } = input.dispense;
      return parseMedicationDispense(await openContent(dataKey, input.bytes, { ...dispense, author }));
    },

    /** Makes the record of a hand-over of what has no serial number. */
    async composeDispense(input: NewDispense): Promise<{ intent: DispenseIntent; dispense: MedicationDispense }> {
      return recordDispense(opened(), newIdentifier('disp'), input);
    },

    /**
     * Makes all that a hand-over of scanned packs signs on care, and seals the whole plan for this pharmacist, so that any
     * browser of the pharmacist carries it on.
     */
    async composeDispensing(input: {
      dispense: NewDispense;
      scanned: DispensedPack[];
      /** What the page has made of it: the words for it, and the events of the supply channels. */
      plan: Pick<DispensingPlan, 'medicine' | 'chains'>;
    }): Promise<{ plan: DispensingPlan; packet: string }> {
      const state = opened();
      const { dispense, scanned } = input;
      const id = newIdentifier('disp');
      const salt = newPacksSalt();
      const { intent } = await recordDispense(state, id, { ...dispense, packs: { salt, scanned } });
      const links = scanned.map(({ link }) => link);
      const packsHash = packsHashOf(id, salt, links);
      const reservation = { dispenseId: id, quantity: dispense.quantity, packs: links.length, packsHash };
      const { prescriptionId, pickup } = dispense;
      const { dataKey } = openedBefore(state, prescriptionId);
      const reserve = {
        ...{ kind: 'reserve' as const, id: prescriptionId },
        reservation: { ...reservation, ...(pickup !== undefined && { handedTo: pickup.kind }) },
        ...(pickup !== undefined && pickupProof(dataKey, prescriptionId, pickup.code)),
      };
      const plan = { ...input.plan, reserve, dispense: intent };
      const packet = await sealDispensing(state.readingSeed, id, state.owner.subjectId, JSON.stringify(plan));
      return { plan, packet };
    },

    /** Opens a plan that this pharmacist sealed; JSON. Throws WRAP_REFUSED. */
    async openDispensing(input: { dispenseId: string; packet: string }): Promise<string> {
      const state = opened();
      const { subjectId } = state.owner;
      return bySeed(state, (seed) => openDispensing(seed, input.dispenseId, subjectId, input.packet));
    },

    /** A new one-time code with which somebody fetches a prescription: the intent, and the code to show once it is recorded. */
    async composePickup(input: {
      id: string;
      kind: PickupKind;
      /** ISO 8601 instant */
      until: string;
    }): Promise<{ intent: Extract<TransactionIntent, { kind: 'authorisePickup' }>; code: string }> {
      const { id, kind, until } = input;
      const { dataKey } = openedBefore(opened(), id);
      const code = newPickupCode();
      const hash = pickupHashOf(dataKey, id, code);
      return { intent: { kind: 'authorisePickup', id, pickup: { hash, until, kind } }, code: formatPickupCode(code) };
    },
  };
}
