/** A prescription of a controlled medicine, as the ledgers have it in clear: what it is for stands in the sealed entry. */
export interface ControlledPrescription {
  /** `rx-…` */
  id: string;
  author: { id: string; name: string; institution: string };
  /** ISO 8601 */
  authoredOn: string;
  /** Whether it has an entry in the register, and that is of the reader's authority. */
  registered: boolean;
}

/** The newest of them. */
export interface ControlledList {
  prescriptions: ControlledPrescription[];
  /** Whether there are older ones besides, which no volume counts then. */
  more: boolean;
}
