import { z } from 'zod';
import type { RenewalAnswer } from '#chaincode/model/prescriptionTerms.ts';
import { canonicalJson } from '#chaincode/model/state.ts';
import { formatAccessCode } from '#crypto/accessCode.ts';
import { fromBase64Url, fromUtf8, toBase64Url, utf8 } from '#crypto/bytes.ts';
import { newPrescriptionId } from '#crypto/identifier.ts';
import { composeIssue } from '#crypto/prescription.ts';
import { systems } from '#fhir/coding.ts';
import { type MedicationRequest, medicationRequest as written } from '#fhir/medicationRequest.ts';
import { encodeResource } from '#fhir/parse.ts';
import { medicationRequest as r4MedicationRequest } from '#fhir/r4/medicationRequest.ts';
import { ConnectorError } from '../errors.ts';
import { existing, requireVersion } from './conditional.ts';
import { checkBody, unprocessable } from './inbound.ts';
import type { KeptIdentifier, KeptPrescription } from './kept.ts';
import type { Seen } from './ledgerView.ts';
import { type Order, readOrder } from './order.ts';
import { Queue } from './queue.ts';
import { refuse } from './refusal.ts';
import type { Answer, Asked, ResourceType } from './resourceType.ts';
import { searchSet } from './search.ts';
import { isNamed, isWithin } from './searchValues.ts';
import type { Site } from './site.ts';
import { requestStatus } from './statuses.ts';

/** Writes of one institution that must not overtake each other: what has one identifier, and one prescription. */
const queue = new Queue();

const inDays = (value: number) => ({ value, unit: 'days', system: systems.ucum, code: 'd' });

/** A prescription as the software gets it: what was signed, with what the ledger says of it now. */
export function answeredRequest(kept: KeptPrescription, { prescription, lastUpdated }: Seen, now: Date) {
  const document = written.parse(JSON.parse(kept.document));
  const { status, reason } = requestStatus(prescription, now);
  return {
    ...document,
    meta: { versionId: `${prescription.version}`, lastUpdated },
    identifier: [...document.identifier, ...kept.identifiers],
    status,
    ...(reason !== undefined && { statusReason: { text: reason } }),
    ...(prescription.fillEveryDays !== undefined && {
      dispenseRequest: { ...document.dispenseRequest, dispenseInterval: inDays(prescription.fillEveryDays) },
    }),
    ...(prescription.renews && { supportingInformation: [{ reference: `Task/${prescription.renews.id}` }] }),
    subject: { ...document.subject, identifier: { system: systems.pseudonym, value: kept.patient } },
    ...(prescription.via !== undefined && {
      extension: [
        ...(document.extension ?? []),
        { url: systems.via, valueIdentifier: { system: systems.device, value: prescription.via } },
      ],
    }),
  };
}

function answerOf(kept: KeptPrescription, seen: Seen, status: 200 | 201 = 200): Answer {
  const { id, version } = seen.prescription;
  const resource = answeredRequest(kept, seen, new Date());
  const code = codeExtension(kept, seen);
  const extension = [...('extension' in resource ? (resource.extension ?? []) : []), ...code];
  return {
    status,
    resource: code.length > 0 ? { ...resource, extension } : resource,
    version: { type: 'MedicationRequest', id, versionId: `${version}`, lastUpdated: seen.lastUpdated },
  };
}

/** The access code for the patient's printed prescription, while nobody has accepted it. */
function codeExtension(kept: KeptPrescription, { prescription }: Seen) {
  if (kept.code === undefined || prescription.state !== 'active' || prescription.version > 1) return [];
  return [{ url: systems.accessCode, valueString: formatAccessCode(fromBase64Url(kept.code)) }];
}

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
    if (there) return answerOf(there, await finishIssue(site, there));
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
      return answerOf(kept, await finishIssue(site, kept), 201);
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
  const { issue: _, ...done } = kept;
  await site.kept.put(done);
  const seen = there ?? (await site.ledger.prescription(id));
  if (!seen) throw new ConnectorError('LEDGER_UNAVAILABLE', 'the peer has not caught up');
  return seen;
}

/** The client may ask in the practitioner's name: 403. */
export function requirePractitioner({ access }: Asked, practitioner: string): void {
  if (access.client.practitioners?.has(practitioner) === false) {
    throw refuse(403, 'forbidden', `this client may not ask in the name of ${practitioner}`);
  }
}

/** What was issued or taken on here, with what the ledger says of it: 404. */
export async function keptAndSeen({ site }: Asked, type: string, id: string) {
  const kept = site.kept.find(id);
  const seen = kept && (await site.ledger.prescription(id));
  if (!kept || !seen) throw refuse(404, 'not-found', `there is no ${type}/${id}`);
  return { kept, seen };
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

/** Names of a patient in a prescription: the pseudonym, and those that the prescription holds. */
export function patientIdentifiers({ patient, document }: KeptPrescription) {
  const [contained] = written.parse(JSON.parse(document)).contained;
  return [{ system: systems.pseudonym, value: patient }, ...(contained.identifier ?? [])];
}

export const patientParameters = ['patient:identifier', 'patient.identifier', 'subject:identifier'] as const;

/** Whether the patient of these identifiers is the one whom the parameters name. */
export const isOfPatient = (params: URLSearchParams, identifiers: readonly KeptIdentifier[]): boolean =>
  patientParameters.every((name) => params.getAll(name).every((token) => isNamed(identifiers, token)));

async function search(asked: Asked): Promise<Answer> {
  const { site, params } = asked;
  const now = new Date();
  const candidates = site.kept.all().filter((kept) => isOfPatient(params, patientIdentifiers(kept)));
  const byId = new Map(candidates.map((kept) => [kept.id, kept]));
  const seen = await site.ledger.prescriptions([...byId.keys()]);
  const statuses = params.get('status')?.split(',');
  const found = seen
    .flatMap((one) => {
      const kept = byId.get(one.prescription.id);
      return kept ? [{ one, resource: answeredRequest(kept, one, now) }] : [];
    })
    .filter(
      ({ one, resource }) =>
        (!statuses || statuses.includes(resource.status)) &&
        params.getAll('identifier').every((token) => isNamed(resource.identifier, token)) &&
        isWithin(resource.authoredOn, params.getAll('authoredon'), 'authoredon') &&
        isWithin(one.lastUpdated, params.getAll('_lastUpdated'), '_lastUpdated'),
    )
    .sort(
      (a, b) => b.resource.authoredOn.localeCompare(a.resource.authoredOn) || (a.resource.id < b.resource.id ? -1 : 1),
    )
    .map(({ resource }) => resource);
  return searchSet(asked, 'MedicationRequest', found);
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
  search,
};
