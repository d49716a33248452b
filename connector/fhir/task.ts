import { z } from 'zod';
import { parseAccessCode, parseQrFragment } from '#crypto/accessCode.ts';
import { fromUtf8, toBase64Url } from '#crypto/bytes.ts';
import { openContent } from '#crypto/prescription.ts';
import { redeemHashOf, redeemKeyOf } from '#crypto/redeem.ts';
import { unwrapUnderCode } from '#crypto/wrap.ts';
import { systems } from '#fhir/coding.ts';
import { parseMedicationRequest } from '#fhir/medicationRequest.ts';
import { task as r4Task } from '#fhir/r4/task.ts';
import { requireVersion } from './conditional.ts';
import { checkBody, practitionerOf, unprocessable } from './inbound.ts';
import type { KeptPrescription } from './kept.ts';
import type { Seen } from './ledgerView.ts';
import { isOfPatient, keptAndSeen, patientParameters, requirePractitioner } from './medicationRequest.ts';
import { Queue } from './queue.ts';
import { refuse } from './refusal.ts';
import type { Answer, Asked, ResourceType } from './resourceType.ts';
import { searchSet } from './search.ts';
import { isWithin } from './searchValues.ts';
import type { Site } from './site.ts';
import { taskStatus } from './statuses.ts';

/** The workflow of a prescription: one Task for each, under the prescription's own number. */

const queue = new Queue();

/** A prescription's Task as the software of an institution gets it. */
export function taskOf(institution: string, kept: KeptPrescription, { prescription, lastUpdated }: Seen) {
  const { id, version, holder, reason, authoredOn } = prescription;
  return {
    resourceType: 'Task',
    id,
    meta: { versionId: `${version}`, lastUpdated },
    identifier: [{ system: systems.prescription, value: id }],
    status: taskStatus(prescription, institution, new Date()),
    ...(reason !== undefined && { statusReason: { text: reason } }),
    businessStatus: { coding: [{ system: 'urn:medloom:prescription-state', code: prescription.state }] },
    intent: 'order',
    code: { coding: [{ system: systems.task, code: 'prescription' }] },
    focus: { reference: `MedicationRequest/${id}` },
    for: { identifier: { system: systems.pseudonym, value: kept.patient } },
    authoredOn,
    lastModified: lastUpdated,
    requester: { identifier: { system: systems.practitioner, value: prescription.author } },
    ...(holder && {
      owner: { identifier: { system: systems.institution, value: holder.institutionId } },
    }),
    restriction: { period: { end: prescription.expires } },
    ...(prescription.dispenses.length > 0 && {
      output: prescription.dispenses.map((one) => ({
        type: { coding: [{ system: systems.taskInput, code: 'dispense' }] },
        valueIdentifier: { system: systems.dispense, value: one.id },
      })),
    }),
  };
}

function answerOf(site: Site, kept: KeptPrescription, seen: Seen, status: 200 | 201 = 200): Answer {
  const resource = taskOf(site.institution.id, kept, seen);
  const { versionId, lastUpdated } = resource.meta;
  return {
    status,
    resource,
    version: { type: 'Task', id: kept.id, versionId, lastUpdated },
  };
}

const acceptance = z.looseObject({
  code: z.looseObject({
    coding: z.tuple([z.looseObject({ system: z.literal(systems.task), code: z.literal('accept') })]),
  }),
  input: z.tuple([
    z.looseObject({
      type: z.looseObject({
        coding: z.tuple([z.looseObject({ system: z.literal(systems.taskInput), code: z.literal('access-code') })]),
      }),
      valueString: z.string().min(1).max(512),
    }),
  ]),
});

/** The code of a printed or shown prescription: as it is typed, or the text of its QR code, whichever portal it names. */
function readCode(text: string): Uint8Array {
  const fragment = text.split('#')[1];
  return fragment === undefined ? parseAccessCode(text) : parseQrFragment(fragment).code;
}

/** A pharmacist takes a prescription on with the patient's access code; from then on its content can be read here. */
async function create(asked: Asked): Promise<Answer> {
  const { site, access } = asked;
  const sent = checkBody('Task', r4Task, asked.body);
  const parsed = acceptance.safeParse(sent);
  if (!parsed.success) {
    throw unprocessable(
      'Task',
      `must have the code accept (${systems.task}) and one input access-code (${systems.taskInput})`,
    );
  }
  const practitioner = practitionerOf(sent.owner, 'Task.owner');
  requirePractitioner(asked, practitioner);
  const code = readCode(parsed.data.input[0].valueString);
  const { id, patient } = await site.ledger.findByRedeemHash(redeemHashOf(code));
  return queue.run(`${site.name} ${id}`, async () => {
    const before = site.kept.find(id);
    const held = (await site.ledger.prescription(id))?.prescription.holder?.institutionId === site.institution.id;
    if (before?.part === 'holder' && held) return answerOf(site, before, await seenOf(site, id));
    if (!held) {
      await site.delegates.submit({
        ...{ practitioner, function: 'accept', args: [id], secret: true },
        transient: { redeemKey: redeemKeyOf(code) },
      });
    }
    const seen = await seenOf(site, id);
    const release = releaseAnswer.parse(
      await site.delegates.evaluate({ practitioner, function: 'readRelease', args: [id], secret: true }),
    );
    const dataKey = await unwrapUnderCode(id, code, release);
    const { prescription } = seen;
    const bytes = await site.documents.read(prescription.cid);
    const plaintext = await openContent(dataKey, bytes, prescription);
    const request = parseMedicationRequest(plaintext);
    if (request.id !== id || request.requester.identifier?.value !== prescription.author) {
      throw refuse(500, 'exception', 'the content names another prescription or author than the ledger');
    }
    const kept: KeptPrescription = {
      ...{ id, patient, practitioner, part: 'holder', device: site.device, client: access.client.id },
      ...{ identifiers: [], dataKey: toBase64Url(dataKey), document: fromUtf8(plaintext) },
      dispenses: before?.dispenses ?? [],
    };
    await site.kept.put(kept);
    return answerOf(site, kept, seen, 201);
  });
}

const releaseAnswer = z.object({ codeWrap: z.string(), releaseShare: z.string() });

async function seenOf(site: Site, id: string): Promise<Seen> {
  const seen = await site.ledger.prescription(id);
  if (!seen) throw refuse(404, 'not-found', `there is no Task/${id}`);
  return seen;
}

const endings = { rejected: 'return', completed: 'close' } as const;
const ended = z.looseObject({
  status: z.enum(['rejected', 'completed']),
  statusReason: z.looseObject({ text: z.string().min(3).max(300) }).optional(),
});

/** The holder gives it back (`rejected`), or closes it with a reason where something is left (`completed`). */
async function update(asked: Asked, id: string): Promise<Answer> {
  const { site } = asked;
  const sent = checkBody('Task', r4Task, asked.body);
  const parsed = ended.safeParse(sent);
  if (!parsed.success) throw unprocessable('Task.status', 'can become rejected or completed');
  const { status, statusReason } = parsed.data;
  return queue.run(`${site.name} ${id}`, async () => {
    const { kept, seen } = await keptAndSeen(asked, 'Task', id);
    if (kept.part !== 'holder') throw refuse(403, 'forbidden', 'this is for the pharmacy that holds it');
    const practitioner = sent.owner?.identifier?.value?.startsWith('prac-')
      ? practitionerOf(sent.owner, 'Task.owner')
      : kept.practitioner;
    requirePractitioner(asked, practitioner);
    requireVersion(asked, seen.prescription.version);
    const args: [string, ...string[]] = status === 'rejected' ? [id] : [id, statusReason?.text ?? ''];
    if (status === 'completed' && statusReason === undefined) {
      throw unprocessable('Task.statusReason', 'must say why it is closed with something left', 'required');
    }
    await site.delegates.submit({ practitioner, function: endings[status], args });
    const answer = answerOf(site, kept, await seenOf(site, id));
    // Whoever gave it back and handed nothing over has no more business with what it says.
    if (status === 'rejected' && !kept.dispenses.some(({ state }) => state === 'done')) await site.kept.forget(id);
    return answer;
  });
}

async function search(asked: Asked): Promise<Answer> {
  const { site, params } = asked;
  const byId = new Map(
    site.kept
      .all()
      .filter((kept) => isOfPatient(params, kept))
      .map((kept) => [kept.id, kept]),
  );
  const found = (await site.ledger.prescriptions([...byId.keys()]))
    .flatMap((seen) => {
      const kept = byId.get(seen.prescription.id);
      return kept ? [taskOf(site.institution.id, kept, seen)] : [];
    })
    .filter(
      (resource) =>
        params.getAll('status').every((statuses) => statuses.split(',').includes(resource.status)) &&
        params.getAll('focus').every((focus) => focus.split('/').at(-1) === resource.id) &&
        isWithin(resource.lastModified, params.getAll('modified'), 'modified') &&
        isWithin(resource.lastModified, params.getAll('_lastUpdated'), '_lastUpdated'),
    )
    .sort((a, b) => b.lastModified.localeCompare(a.lastModified) || (a.id < b.id ? -1 : 1));
  return searchSet(asked, 'Task', found);
}

export const task: ResourceType = {
  type: 'Task',
  documentation:
    'The workflow of each prescription. Create with the access code accepts; an update to rejected gives back, to completed closes.',
  searchParameters: [
    { name: 'status', type: 'token', documentation: 'One or several, separated by commas' },
    { name: 'focus', type: 'reference', documentation: 'MedicationRequest/rx-…' },
    ...patientParameters.map((name) => ({
      ...{ name, type: 'token' as const, documentation: 'Pseudonym or register number of the patient' },
    })),
    { name: 'modified', type: 'date', documentation: 'Time of the ledger’s last change' },
    { name: '_lastUpdated', type: 'date', documentation: 'The same' },
  ],
  create,
  read: async (asked, id) => {
    const { kept, seen } = await keptAndSeen(asked, 'Task', id);
    return answerOf(asked.site, kept, seen);
  },
  update,
  search,
};
