import { z } from 'zod';
import type { RenewalAnswer } from '#chaincode/model/prescriptionTerms.ts';
import { canonicalJson } from '#chaincode/model/state.ts';
import { fromBase64Url, fromUtf8, toBase64Url, utf8 } from '#crypto/bytes.ts';
import { newPrescriptionId } from '#crypto/identifier.ts';
import { composeIssue } from '#crypto/prescription.ts';
import { type MedicationRequest, medicationRequest as written } from '#fhir/medicationRequest.ts';
import { encodeResource } from '#fhir/parse.ts';
import { medicationRequest as r4MedicationRequest } from '#fhir/r4/medicationRequest.ts';
import { ConnectorError } from '../errors.ts';
import { existing, requireVersion } from './conditional.ts';
import { checkBody, unprocessable } from './inbound.ts';
import type { KeptPrescription } from './kept.ts';
import type { Seen } from './ledgerView.ts';
import { type Order, readOrder } from './order.ts';
import { Queue } from './queue.ts';
import { refuse } from './refusal.ts';
import { answerOf, createdAnswer } from './requestAnswer.ts';
import { searchRequests } from './requestSearch.ts';
import type { Answer, Asked, ResourceType } from './resourceType.ts';
import type { Site } from './site.ts';
import { keptAndSeen, patientParameters, requirePractitioner } from './visible.ts';

/** Writes of one institution that must not overtake each other: what has one identifier, and one prescription. */
const queue = new Queue();

/** Issues what was ordered: written down here first, then stored, then signed, so that a lost answer loses nothing. */
async function create(asked: Asked): Promise<Answer> {
  const { site, access } = asked;
  const order = readOrder(asked.body, site, new Date());
  requirePractitioner(asked, order.practitioner);
  const name = order.identifiers
    .map(({ system = '', value }) => `${system}|${value}`)
    .sort()
    .join(' ');
  return queue.run(`${site.name} ${name || crypto.randomUUID()}`, async () => {
    const there = existing(
      asked,
      order.identifiers,
      site.kept.all().filter(({ part }) => part === 'author'),
    );
    if (there) {
      requirePractitioner(asked, there.practitioner);
      return createdAnswer(asked, there, await finishIssue(site, there), 200);
    }
    const reader = await site.ledger.patient(order.patient).catch((error: unknown) => {
      if (!(error instanceof ConnectorError && error.code === 'NOT_FOUND')) throw error;
      throw unprocessable('MedicationRequest.subject.identifier', 'the ledger knows no such patient');
    });
    const author = await site.ledger.practitionerKey(order.practitioner);
    if (reader.keys === undefined || author === undefined) {
      throw unprocessable('MedicationRequest', 'patient or practitioner has no keys yet', 'business-rule');
    }
    const renews = order.renews === undefined ? undefined : await renewalAnswer(site, order.renews, order);
    const id = newPrescriptionId(order.patient);
    const document = encodeResource(order.build(id));
    const composed = await composeIssue({
      ...{ id, document, expires: order.expires, quantity: order.quantity, fills: order.repeats + 1 },
      patient: { id: order.patient, readingKey: reader.keys.readingKey },
      author: { id: order.practitioner, readingKey: author },
      terms: {
        ...(order.validFrom !== undefined && { validFrom: order.validFrom }),
        ...(order.fillEveryDays !== undefined && { fillEveryDays: order.fillEveryDays }),
        ...(renews && { renews }),
      },
    });
    const kept: KeptPrescription = {
      ...{ id, part: 'author', practitioner: order.practitioner, device: site.device, client: access.client.id },
      ...{ identifiers: order.identifiers, patient: order.patient, dispenses: [] },
      dataKey: toBase64Url(composed.dataKey),
      document: fromUtf8(document),
      code: toBase64Url(composed.code),
      issue: {
        argument: canonicalJson(composed.issue),
        secrets: JSON.stringify(composed.secrets),
        envelope: composed.envelope,
      },
    };
    await site.kept.put(kept);
    try {
      return createdAnswer(asked, kept, await finishIssue(site, kept), 201);
    } catch (error) {
      // Nothing was signed, and nothing will be: who asks again asks for something new.
      if (error instanceof ConnectorError ? error.status < 500 : true) await forgetUnissued(site, id);
      throw error;
    }
  });
}

/** Whether the prescription that was asked for anew stays as it was; what is not known here counts as changed. */
async function renewalAnswer(site: Site, id: string, order: Order): Promise<RenewalAnswer> {
  const { prescription } = await site.ledger.renewal(id).catch((error: unknown) => {
    if (!(error instanceof ConnectorError && error.code === 'NOT_FOUND')) throw error;
    throw unprocessable('MedicationRequest.supportingInformation', 'the ledger knows no such request');
  });
  const former = site.kept.find(prescription);
  const seen = former && (await site.ledger.prescription(prescription));
  const same =
    former !== undefined &&
    seen?.prescription.fillEveryDays === order.fillEveryDays &&
    canonicalJson(orderedPart(written.parse(JSON.parse(former.document)))) ===
      canonicalJson(orderedPart(order.build(id)));
  return { id, outcome: same ? 'approved' : 'changed' };
}

/** What a renewal repeats. */
const orderedPart = ({
  medicationCodeableConcept,
  dosageInstruction,
  dispenseRequest,
  ...rest
}: MedicationRequest) => ({
  ...{ medicationCodeableConcept, dosageInstruction, note: rest.note ?? [], substitution: rest.substitution },
  ...{ quantity: dispenseRequest.quantity, repeats: dispenseRequest.numberOfRepeatsAllowed },
});

async function forgetUnissued(site: Site, id: string): Promise<void> {
  if ((await site.ledger.prescription(id)) === undefined) await site.kept.forget(id);
}

/** Stores and signs what was written down, unless the ledger has it. */
async function finishIssue(site: Site, kept: KeptPrescription): Promise<Seen> {
  const { id, issue, practitioner } = kept;
  const there = await site.ledger.prescription(id);
  if (there && !issue) return there;
  if (!there && !issue) throw new ConnectorError('NOT_FOUND', `the ledger has no ${id}`);
  if (!there && issue) {
    await site.documents.add(fromBase64Url(issue.envelope));
    await site.delegates.submit({
      ...{ practitioner, function: 'issue', args: [issue.argument], secret: true },
      transient: { secrets: utf8(issue.secrets) },
    });
  }
  await site.kept.change(id, (now = kept) => {
    const { issue: _, ...done } = now;
    return done;
  });
  const seen = there ?? (await site.ledger.prescription(id));
  if (!seen) throw new ConnectorError('LEDGER_UNAVAILABLE', 'the peer has not caught up');
  return seen;
}

const cancelled = z.looseObject({
  status: z.literal('cancelled'),
  statusReason: z.looseObject({ text: z.string().min(3).max(300) }),
});

/** The one change that a prescription knows: the author withdraws it, or asks the pharmacy that holds it to. */
async function update(asked: Asked, id: string): Promise<Answer> {
  const { site } = asked;
  const sent = checkBody('MedicationRequest', r4MedicationRequest, asked.body);
  const parsed = cancelled.safeParse(sent);
  if (!parsed.success) {
    throw unprocessable('MedicationRequest.status', 'can become cancelled only, with a statusReason.text of 3 letters');
  }
  return queue.run(id, async () => {
    const { kept, seen } = await keptAndSeen(asked, 'MedicationRequest', id);
    if (kept.part !== 'author') throw refuse(403, 'forbidden', 'a prescription is withdrawn by its author');
    requirePractitioner(asked, kept.practitioner);
    requireVersion(asked, seen.prescription.version);
    const name = seen.prescription.holder === undefined ? 'cancel' : 'requestCancel';
    await site.delegates.submit({
      ...{ practitioner: kept.practitioner, function: name, args: [id, parsed.data.statusReason.text] },
    });
    return answerOf(kept, (await keptAndSeen(asked, 'MedicationRequest', id)).seen);
  });
}

export const medicationRequest: ResourceType = {
  type: 'MedicationRequest',
  documentation:
    'Prescriptions that this institution’s software issued or took on. Create issues; an update to cancelled withdraws.',
  searchParameters: [
    { name: 'identifier', type: 'token', documentation: 'The ledger’s number, or the software’s own' },
    ...patientParameters.map((name) => ({
      ...{ name, type: 'token' as const, documentation: 'Pseudonym or register number of the patient' },
    })),
    { name: 'status', type: 'token', documentation: 'One or several, separated by commas' },
    { name: 'authoredon', type: 'date', documentation: 'When it was signed' },
    { name: '_lastUpdated', type: 'date', documentation: 'Time of the ledger’s last change' },
  ],
  create,
  read: async (asked, id) => {
    const { kept, seen } = await keptAndSeen(asked, 'MedicationRequest', id);
    return answerOf(kept, seen);
  },
  update,
  search: searchRequests,
};
