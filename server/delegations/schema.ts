import type { Delegation } from '#chaincode/model/delegation.ts';
import type { PrescriptionState } from '#chaincode/model/prescription.ts';

/** A delegation as its practitioner sees it. */
export interface DelegationView extends Pick<Delegation, 'id' | 'device' | 'functions' | 'until' | 'givenAt'> {
  /** Public name of the software. */
  model: string;
  state: 'inForce' | 'over' | 'ended';
  endedAt?: string;
}

/** One of an institution's people's, as the admin sees it. */
export interface StaffDelegation extends DelegationView {
  practitioner: { id: string; name: string };
}

/** A version of a prescription that software signed in the practitioner's name. */
export interface DelegatedAct {
  prescription: string;
  version: number;
  state: PrescriptionState;
  model: string;
  /** ISO 8601 */
  at: string;
}

export interface Delegations {
  given: DelegationView[];
  /** Software of the institution that may be let sign. */
  systems: { id: string; model: string }[];
  /** Newest first. */
  acts: DelegatedAct[];
}
