import type { StatedFact } from '#fhir/safety.ts';
import { known, type Pregnancy, type Subject } from './subject.ts';

/** What the prescriber answers in place of what the record does not say. */
export interface Stated {
  /** Asked: there are no allergies but those that are shown. */
  allergies?: true;
  /** Asked: nothing else is taken. */
  medicines?: true;
  pregnancy?: Pregnancy;
  /** kg */
  weight?: number;
  /** eGFR, mL/min/1.73 m² */
  kidney?: number;
}

/** The subject with the prescriber's answers. What the record shows stays. */
export function withStated(subject: Subject, stated: Stated): Subject {
  return {
    ...subject,
    ...(stated.allergies && { allergies: known(subject.allergies.value ?? []) }),
    ...(stated.medicines && { medicines: known(subject.medicines.value ?? []) }),
    ...(stated.pregnancy !== undefined && { pregnancy: known(stated.pregnancy) }),
    ...(stated.weight !== undefined && { weight: known(stated.weight) }),
    ...(stated.kidney !== undefined && { kidney: known(stated.kidney) }),
  };
}

/** The answers as the prescription keeps them. */
export function statedFacts({ allergies, medicines, pregnancy, weight, kidney }: Stated): StatedFact[] {
  return [
    ...(allergies ? [{ what: 'allergies' as const, value: 'no others' }] : []),
    ...(medicines ? [{ what: 'medicines' as const, value: 'no others' }] : []),
    ...(pregnancy === undefined ? [] : [{ what: 'pregnancy' as const, value: pregnancy }]),
    ...(weight === undefined ? [] : [{ what: 'weight' as const, value: `${weight} kg` }]),
    ...(kidney === undefined ? [] : [{ what: 'kidney' as const, value: `eGFR ${kidney}` }]),
  ];
}
