import type { Prescription } from '#chaincode/model/prescription.ts';
import { systems } from '#fhir/coding.ts';
import { heldPart, type KeptPrescription } from './kept.ts';
import { learn } from './learn.ts';
import type { Seen } from './ledgerView.ts';
import { refuse } from './refusal.ts';
import type { Answer, Asked } from './resourceType.ts';
import type { Site } from './site.ts';
import { taskStatus } from './statuses.ts';
import { concept, inputType } from './taskWords.ts';
import { maySee } from './visible.ts';

/** A prescription's Task as the software of an institution gets it, under the prescription's own number. */
export function taskOf(institution: string, { prescription, lastUpdated }: Seen) {
  const { id, version, holder, reason, authoredOn } = prescription;
  const input = openMatters(prescription);
  const output = results(prescription);
  return {
    resourceType: 'Task',
    id,
    meta: { versionId: `${version}`, lastUpdated },
    identifier: [{ system: systems.prescription, value: id }],
    status: taskStatus(prescription, institution, new Date()),
    ...(reason !== undefined && { statusReason: { text: reason } }),
    businessStatus: concept(systems.prescriptionState, prescription.state),
    intent: 'order',
    code: concept(systems.task, 'prescription'),
    focus: { reference: `MedicationRequest/${id}` },
    for: { identifier: { system: systems.pseudonym, value: prescription.patient } },
    authoredOn,
    lastModified: lastUpdated,
    requester: { identifier: { system: systems.practitioner, value: prescription.author } },
    ...(holder && {
      owner: { identifier: { system: systems.institution, value: holder.institutionId } },
    }),
    restriction: { period: { end: prescription.expires } },
    ...(input.length > 0 && { input }),
    ...(output.length > 0 && { output }),
  };
}

/** What others want of the holder: a transfer that is offered, a cancellation that is asked for. */
const openMatters = ({ transfer, cancelRequest }: Prescription) => [
  ...(transfer
    ? [{ type: inputType('transfer-to'), valueIdentifier: { system: systems.institution, value: transfer.to } }]
    : []),
  ...(cancelRequest ? [{ type: inputType('cancel-request'), valueString: cancelRequest.reason }] : []),
];

const results = ({ dispenses, cancelRequest }: Prescription) => [
  ...dispenses.map((one) => ({
    type: inputType('dispense'),
    valueIdentifier: { system: systems.dispense, value: one.id },
  })),
  ...(cancelRequest?.refused ? [{ type: inputType('cancel-refusal'), valueString: cancelRequest.refused.reason }] : []),
];

export function taskAnswer(site: Site, seen: Seen, status: 200 | 201 = 200): Answer {
  const resource = taskOf(site.institution.id, seen);
  const { versionId, lastUpdated } = resource.meta;
  return { status, resource, version: { type: 'Task', id: resource.id, versionId, lastUpdated } };
}

/** What the institution wrote or took on, and what is offered to it or it has by a transfer: 404. */
export async function concerned(asked: Asked, id: string): Promise<{ kept?: KeptPrescription; seen: Seen }> {
  const { site } = asked;
  const here = site.kept.find(id);
  const kept = here && maySee(asked, here) ? here : undefined;
  const seen = id.startsWith('rx-') ? await site.ledger.prescription(id) : undefined;
  const own = site.institution.id;
  // What somebody else of the house took on is not for this client; what is offered is for whoever takes it.
  const offered = seen?.prescription.transfer?.to === own;
  const reaches = offered || (!here && seen?.prescription.holder?.institutionId === own);
  if (!seen || !(kept || reaches)) throw refuse(404, 'not-found', `there is no Task/${id}`);
  return { seen, ...(kept && { kept: await learn(site, kept, seen) }) };
}

/** Whether another pharmacy has it from this one, which handed nothing out and has no more business with what it says. */
export const isGivenOn = (site: Site, kept: KeptPrescription, { prescription: { holder, dispenses } }: Seen): boolean =>
  heldPart(kept) !== undefined &&
  holder !== undefined &&
  holder.institutionId !== site.institution.id &&
  !dispenses.some(({ institutionId }) => institutionId === site.institution.id);
