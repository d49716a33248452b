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
    requester: practitionerOf(doctor),
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

const practitionerOf = ({ id, name }: PractitionerData) => ({
  identifier: { system: systems.practitioner, value: id },
  display: name,
});
const taskCode = (code: string) => ({ coding: [{ system: systems.task, code }] });
const inputType = (code: string) => ({ coding: [{ system: systems.taskInput, code }] });

/** A pharmacy takes a prescription on. */
export function acceptanceOf(code: string, pharmacist: PractitionerData) {
  return {
    resourceType: 'Task',
    status: 'requested',
    intent: 'order',
    code: taskCode('accept'),
    owner: practitionerOf(pharmacist),
    input: [{ type: inputType('access-code'), valueString: code }],
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
  quantity?: { value: number; unit: string };
  withoutSerial?: string;
  /** Who fetches it for the patient, with the one-time code. */
  pickup?: { kind: 'representative' | 'courier'; code: string };
  /** The MedicationRequest's medicine. */
  medicine: unknown;
}) {
  const { prescription, pharmacist, number, packs, quantity, withoutSerial, pickup, medicine } = given;
  const extension = [
    ...(withoutSerial === undefined ? [] : [{ url: systems.withoutSerial, valueString: withoutSerial }]),
    ...(pickup
      ? [
          {
            url: systems.pickup,
            extension: [
              { url: 'kind', valueCode: pickup.kind },
              { url: 'code', valueString: pickup.code },
            ],
          },
        ]
      : []),
  ];
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
    ...(extension.length > 0 && { extension }),
    identifier: [{ system: 'urn:example:sale', value: number }],
    status: 'completed',
    medicationCodeableConcept: medicine,
    performer: [{ actor: practitionerOf(pharmacist) }],
    authorizingPrescription: [{ reference: `MedicationRequest/${prescription}` }],
    ...(quantity && { quantity }),
  };
}

/** A hand-over that does not come to its end is taken back. */
export const takenBackOf = (id: string, pharmacist: PractitionerData) => ({
  ...{ resourceType: 'MedicationDispense', id, status: 'cancelled', medicationCodeableConcept: { text: 'taken back' } },
  performer: [{ actor: practitionerOf(pharmacist) }],
});

/** A Task's end: given back, closed with a reason, or a request to cancel that is agreed to. */
export function endingOf(id: string, status: 'rejected' | 'completed' | 'cancelled', reason?: string) {
  return {
    ...{ resourceType: 'Task', id, status, intent: 'order' },
    ...(reason !== undefined && { statusReason: { text: reason } }),
  };
}

/** A change of a held prescription's Task that its code names. */
export function changeOf(
  id: string,
  code: 'offer-transfer' | 'accept-transfer' | 'withdraw-transfer' | 'refuse-cancel',
  given: { owner?: PractitionerData; to?: string; reason?: string; accessCode?: string } = {},
) {
  const { owner, to, reason, accessCode } = given;
  const input = [
    ...(to === undefined
      ? []
      : [{ type: inputType('transfer-to'), valueIdentifier: { system: systems.institution, value: to } }]),
    ...(accessCode === undefined ? [] : [{ type: inputType('access-code'), valueString: accessCode }]),
  ];
  return {
    ...{ resourceType: 'Task', id, status: 'requested', intent: 'order', code: taskCode(code) },
    ...(owner && { owner: practitionerOf(owner) }),
    ...(reason !== undefined && { statusReason: { text: reason } }),
    ...(input.length > 0 && { input }),
  };
}

/** A pharmacy asks that a prescription be written anew. */
export const renewalOf = (prescription: string, pharmacist: PractitionerData) => ({
  ...{ resourceType: 'Task', status: 'requested', intent: 'proposal', code: taskCode('renewal') },
  focus: { reference: `MedicationRequest/${prescription}` },
  requester: practitionerOf(pharmacist),
});

/** Its answer: a doctor denies, or the pharmacy withdraws. */
export const renewalAnswerOf = (
  id: string,
  answer: { denies: PractitionerData; reason: string } | { withdraws: PractitionerData },
) => ({
  ...{ resourceType: 'Task', id, intent: 'proposal', code: taskCode('renewal') },
  ...('denies' in answer
    ? { status: 'rejected', owner: practitionerOf(answer.denies), statusReason: { text: answer.reason } }
    : { status: 'cancelled', requester: practitionerOf(answer.withdraws) }),
});

/** The order, that it answers a request for a renewal. */
export const renewing = <Order extends object>(order: Order, request: string) => ({
  ...order,
  supportingInformation: [{ reference: `Task/${request}` }],
});

/** A prescription withdrawn by its author. */
export const withdrawalOf = (order: object, id: string, reason: string) => ({
  ...order,
  ...{ id, status: 'cancelled', statusReason: { text: reason } },
});
