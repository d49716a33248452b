import { type CodeableConcept, codeableConcept } from './datatypes.ts';

/** Required bindings of CodeableConcepts that stand for a status: one coding of the system, of the codes it has. */

export const statusSystems = {
  conditionClinical: 'http://terminology.hl7.org/CodeSystem/condition-clinical',
  conditionVerification: 'http://terminology.hl7.org/CodeSystem/condition-ver-status',
  allergyClinical: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical',
  allergyVerification: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-verification',
} as const;

export const statusConcept = (system: string, codes: readonly string[]) =>
  codeableConcept.refine(
    (value) => {
      const found = statusOf(value, system);
      return found !== undefined && codes.includes(found);
    },
    `must be one of ${codes.join(', ')} of ${system}`,
  );

/** The code of a concept in a system. */
export const statusOf = (concept: CodeableConcept | undefined, system: string): string | undefined =>
  concept?.coding?.find((each) => each.system === system)?.code;
