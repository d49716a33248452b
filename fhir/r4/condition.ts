import type { z } from 'zod';
import {
  annotation,
  type CodeableConcept,
  choice,
  codeableConcept,
  element,
  invariant,
  many,
  period,
  quantity,
  range,
  reference,
  resource,
} from './datatypes.ts';
import { dateTime, text } from './primitives.ts';
import { statusConcept, statusOf, statusSystems } from './statusConcept.ts';

const { conditionClinical, conditionVerification } = statusSystems;

/** https://hl7.org/fhir/R4/condition.html */
export const condition = resource('Condition', {
  clinicalStatus: statusConcept(conditionClinical, [
    'active',
    'recurrence',
    'relapse',
    'inactive',
    'remission',
    'resolved',
  ]).optional(),
  verificationStatus: statusConcept(conditionVerification, [
    'unconfirmed',
    'provisional',
    'differential',
    'confirmed',
    'refuted',
    'entered-in-error',
  ]).optional(),
  category: many(codeableConcept).optional(),
  severity: codeableConcept.optional(),
  code: codeableConcept.optional(),
  bodySite: many(codeableConcept).optional(),
  subject: reference('Patient'),
  encounter: reference('Encounter').optional(),
  onsetDateTime: dateTime.optional(),
  onsetAge: quantity.optional(),
  onsetPeriod: period.optional(),
  onsetRange: range.optional(),
  onsetString: text.optional(),
  abatementDateTime: dateTime.optional(),
  abatementAge: quantity.optional(),
  abatementPeriod: period.optional(),
  abatementRange: range.optional(),
  abatementString: text.optional(),
  recordedDate: dateTime.optional(),
  recorder: reference().optional(),
  asserter: reference().optional(),
  stage: many(
    element({
      summary: codeableConcept.optional(),
      assessment: many(reference()).optional(),
      type: codeableConcept.optional(),
    }),
  ).optional(),
  evidence: many(element({ code: many(codeableConcept).optional(), detail: many(reference()).optional() })).optional(),
  note: many(annotation).optional(),
})
  .check(choice('onset', ['DateTime', 'Age', 'Period', 'Range', 'String']))
  .check(choice('abatement', ['DateTime', 'Age', 'Period', 'Range', 'String']))
  .check(
    invariant(
      'clinicalStatus',
      'must be inactive, resolved or remission where the condition abated (con-4)',
      (value) => {
        const clinical = statusOf(value.clinicalStatus, conditionClinical);
        const abated = Object.keys(value).some((key) => key.startsWith('abatement'));
        return !abated || clinical === undefined || ['inactive', 'resolved', 'remission'].includes(clinical);
      },
    ),
  )
  .check(
    invariant('clinicalStatus', 'must not be given where entered in error (con-5)', (value) => {
      return !(isError(value.verificationStatus) && value.clinicalStatus !== undefined);
    }),
  );
export type Condition = z.infer<typeof condition>;

function isError(status: CodeableConcept | undefined): boolean {
  return statusOf(status, conditionVerification) === 'entered-in-error';
}
