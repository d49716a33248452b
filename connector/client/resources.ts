import { systems } from '#fhir/coding.ts';

/** What a hospital's and a pharmacy's software send, as plainly as it can be. */

export interface PatientData {
  /** `pt-…`: the patient's name on the ledger, which the hospital knows from its registration. */
  pseudonym: string;
  name: string;
  birthDate: string;
  /** Number in a health insurance's register. */
  identifier?: string;
}

export interface PractitionerData {
  /** `prac-…` */
  id: string;
  name: string;
}

/** A prescription: one unit every so many hours for some days. */
export function orderOf(
  given: { patient: PatientData; doctor: PractitionerData; number: string } & {
    medicine: { code: string; unit: string };
    quantity: number;
    repeats?: number;
    days?: number;
  },
) {
  const { patient, doctor, number, medicine, quantity, repeats = 0, days = 7 } = given;
  return {
    resourceType: 'MedicationRequest',
    contained: [
      {
        resourceType: 'Patient',
        id: 'patient',
        ...(patient.identifier !== undefined && {
          identifier: [{ system: systems.patient, value: patient.identifier }],
        }),
        name: [{ text: patient.name }],
        birthDate: patient.birthDate,
      },
    ],
    identifier: [{ system: 'urn:example:order', value: number }],
    status: 'active',
    intent: 'order',
    medicationCodeableConcept: { coding: [{ system: systems.product, code: medicine.code }] },
    subject: {
      reference: '#patient',
      identifier: { system: systems.pseudonym, value: patient.pseudonym },
    },
    requester: { identifier: { system: systems.practitioner, value: doctor.id }, display: doctor.name },
    dosageInstruction: [
      {
        timing: {
          repeat: {
            ...{ frequency: 2, period: 1, periodUnit: 'd' },
            boundsDuration: { value: days, unit: 'days', system: systems.ucum, code: 'd' },
          },
        },
        doseAndRate: [{ doseQuantity: { value: 1, unit: medicine.unit } }],
      },
    ],
    dispenseRequest: { numberOfRepeatsAllowed: repeats, quantity: { value: quantity, unit: medicine.unit } },
    substitution: { allowedBoolean: true },
  };
}

/** A pharmacy takes a prescription on. */
export function acceptanceOf(code: string, pharmacist: PractitionerData) {
  return {
    resourceType: 'Task',
    status: 'requested',
    intent: 'order',
    code: { coding: [{ system: systems.task, code: 'accept' }] },
    owner: { identifier: { system: systems.practitioner, value: pharmacist.id }, display: pharmacist.name },
    input: [{ type: { coding: [{ system: systems.taskInput, code: 'access-code' }] }, valueString: code }],
  };
}

export interface PackData {
  /** GS1 Digital Link. */
  link: string;
  batch: string;
  /** ISO date */
  expiry: string;
}

/** A hand-over of packs, or of what has no serial number. */
export function handOverOf(given: {
  prescription: string;
  pharmacist: PractitionerData;
  number: string;
  packs: readonly PackData[];
  quantity?: number;
  withoutSerial?: string;
  /** The MedicationRequest's medicine. */
  medicine: unknown;
}) {
  const { prescription, pharmacist, number, packs, quantity, withoutSerial, medicine } = given;
  return {
    resourceType: 'MedicationDispense',
    ...(packs.length > 0 && {
      contained: packs.map(({ link, batch, expiry }, index) => ({
        resourceType: 'Medication',
        id: `pack-${index + 1}`,
        identifier: [{ system: systems.uri, value: link }],
        batch: { lotNumber: batch, expirationDate: expiry },
      })),
    }),
    ...(withoutSerial !== undefined && { extension: [{ url: systems.withoutSerial, valueString: withoutSerial }] }),
    identifier: [{ system: 'urn:example:sale', value: number }],
    status: 'completed',
    medicationCodeableConcept: medicine,
    performer: [
      { actor: { identifier: { system: systems.practitioner, value: pharmacist.id }, display: pharmacist.name } },
    ],
    authorizingPrescription: [{ reference: `MedicationRequest/${prescription}` }],
    ...(quantity !== undefined && { quantity: { value: quantity } }),
  };
}

/** A Task's end: given back, or closed with a reason. */
export function endingOf(id: string, status: 'rejected' | 'completed', reason?: string) {
  return {
    ...{ resourceType: 'Task', id, status, intent: 'order' },
    ...(reason !== undefined && { statusReason: { text: reason } }),
  };
}
