import type { Prescription } from '#chaincode/model/prescription.ts';

/** States of the ledger in the words of FHIR; docs/states.md says the same. */

type Status = 'active' | 'on-hold' | 'cancelled' | 'completed' | 'stopped';

/** Status of a MedicationRequest with its reason, where there is one. */
export function requestStatus(prescription: Prescription, now: Date): { status: Status; reason?: string } {
  const { state, reason, expires, codeValid, left, dispenses } = prescription;
  const because = reason === undefined ? {} : { reason };
  switch (state) {
    case 'cancelled':
      return { status: dispenses.length > 0 ? 'stopped' : 'cancelled', ...because };
    case 'completed':
      return left === 0 ? { status: 'completed' } : { status: 'stopped', ...because };
    case 'active':
      if (Date.parse(expires) <= now.getTime()) return { status: 'stopped', reason: 'expired' };
      return codeValid ? { status: 'active' } : { status: 'on-hold', reason: 'access code void' };
    default:
      return { status: 'active' };
  }
}

/** Status of the Task of a prescription, as an institution sees it: the author's, a pharmacy's that took it on, or one's that is offered it. */
export function taskStatus(prescription: Prescription, institution: string, now: Date) {
  const { state, holder, expires } = prescription;
  switch (state) {
    case 'cancelled':
      return 'cancelled';
    case 'completed':
      return 'completed';
    case 'active':
      if (Date.parse(expires) <= now.getTime()) return 'failed';
      return prescription.authorInstitution === institution ? 'requested' : 'rejected';
    case 'accepted':
    case 'partial':
      if (prescription.transfer?.to === institution) return 'requested';
      if (holder?.institutionId !== institution && prescription.authorInstitution !== institution) return 'rejected';
      return state === 'accepted' ? 'accepted' : 'in-progress';
    default:
      return 'requested';
  }
}
