import type { Licence } from '#chaincode/model/registry.ts';

/** A licence as a form has it; days are ISO dates. */
export interface LicenceTerms {
  number: string;
  specialty: string;
  from: string;
  until: string;
}

/** From the first second of the first day to the last of the last, in universal time. */
export const licenceOf = ({ number, specialty, from, until }: LicenceTerms): Licence => ({
  number: number.trim(),
  specialty: specialty.trim(),
  validFrom: `${from}T00:00:00Z`,
  validTo: `${until}T23:59:59Z`,
});

/** A form's licence of today and the four years after. */
export function newTerms(today: Date, years = 4): LicenceTerms {
  const from = today.toISOString().slice(0, 10);
  return { number: '', specialty: '', from, until: `${Number(from.slice(0, 4)) + years}${from.slice(4)}` };
}

export const termsOf = ({ number, specialty, validFrom, validTo }: Licence): LicenceTerms => ({
  ...{ number, specialty },
  ...{ from: validFrom.slice(0, 10), until: validTo.slice(0, 10) },
});

/** Whether it ends after it begins. */
export const isInOrder = ({ from, until }: LicenceTerms): boolean => from !== '' && until !== '' && from <= until;
