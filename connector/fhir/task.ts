import { systems } from '#fhir/coding.ts';
import { task as r4Task } from '#fhir/r4/task.ts';
import { callOf, judgeHeld, updateHeld } from './heldTask.ts';
import { checkBody, unprocessable } from './inbound.ts';
import type { KeptIdentifier } from './kept.ts';
import { seenOf } from './learn.ts';
import { concerned, isGivenOn, taskAnswer, taskOf } from './prescriptionTask.ts';
import { Queue } from './queue.ts';
import type { Issue } from './refusal.ts';
import {
  askRenewal,
  isRenewalId,
  judgeRenewal,
  ownRenewals,
  readAsking,
  readRenewal,
  renewalTaskOf,
  updateRenewal,
} from './renewalTask.ts';
import type { Answer, Asked, ResourceType } from './resourceType.ts';
import { isAsked, searchSet } from './search.ts';
import { isWithin, readToken } from './searchValues.ts';
import { acceptWithCode, readAcceptance } from './takeOn.ts';
import { taskCodeOf } from './taskWords.ts';
import { isOfPatient, maySee, namesOf, patientParameters } from './visible.ts';

/** The workflow of prescriptions: one Task for each, under the prescription's own number, and one for each request for a renewal. */

const queue = new Queue();

async function create(asked: Asked): Promise<Answer> {
  const sent = checkBody('Task', r4Task, asked.body);
  switch (taskCodeOf(sent)) {
    case 'accept':
      return acceptWithCode(asked, sent, queue);
    case 'renewal':
      return askRenewal(asked, sent);
    default:
      throw unprocessable('Task.code', `must be accept or renewal, of the system ${systems.task}`);
  }
}

async function update(asked: Asked, id: string): Promise<Answer> {
  const sent = checkBody('Task', r4Task, asked.body);
  return queue.run(`${asked.site.name} ${id}`, () =>
    isRenewalId(id) ? updateRenewal(asked, sent, id) : updateHeld(asked, sent, id),
  );
}

/** Judges a create, or an update where it has the number of a Task. */
async function judge(asked: Asked): Promise<readonly Issue[]> {
  const sent = checkBody('Task', r4Task, asked.body);
  const code = taskCodeOf(sent);
  if (code === 'accept') await readAcceptance(asked, sent);
  else if (sent.id === undefined && code === 'renewal') await readAsking(asked, sent);
  else if (sent.id === undefined) throw unprocessable('Task.code', `must be accept or renewal, of ${systems.task}`);
  else if (isRenewalId(sent.id)) await judgeRenewal(asked, sent, sent.id);
  else {
    const { kept, practitioner } = await judgeHeld(asked, sent, sent.id);
    if (practitioner !== undefined) await callOf(asked, sent, sent.id, kept);
  }
  return [];
}

async function read(asked: Asked, id: string): Promise<Answer> {
  if (isRenewalId(id)) return readRenewal(asked, id);
  const { site } = asked;
  const { kept, seen } = await concerned(asked, id);
  if (kept && isGivenOn(site, kept, seen)) await site.kept.forgetHolding(id, (now) => now === kept);
  return taskAnswer(site, seen);
}

interface Found {
  resource: ReturnType<typeof taskOf>;
  /** How its patient can be named. */
  patient: readonly KeptIdentifier[];
}

/** What went through here, and what is offered. */
async function prescriptionTasks(asked: Asked): Promise<Found[]> {
  const { site, params } = asked;
  const all = new Map(site.kept.all().map((kept) => [kept.id, kept]));
  const wanted = [...all.values()].filter(
    (kept) =>
      isAsked(params, kept.id) &&
      isFocus(params, `MedicationRequest/${kept.id}`) &&
      maySee(asked, kept) &&
      isOfPatient(params, namesOf(kept).patient),
  );
  const kept = await seenOf(site, wanted, 'patient, focus or _id');
  const offered = (await site.ledger.offered(site.institution.id)).filter(
    ({ prescription }) => !all.has(prescription.id),
  );
  return [...kept.values(), ...offered].map((seen) => {
    const one = all.get(seen.prescription.id);
    const pseudonym = { system: systems.pseudonym, value: seen.prescription.patient };
    return { resource: taskOf(site.institution.id, seen), patient: one ? namesOf(one).patient : [pseudonym] };
  });
}

const isFocus = (params: URLSearchParams, reference: string): boolean =>
  params.getAll('focus').every((focus) => focus.split('/').at(-1) === reference.split('/').at(-1));

async function search(asked: Asked): Promise<Answer> {
  const { params } = asked;
  const code = params.get('code');
  const wants = (one: string) => code === null || readToken(code).code === one;
  const prescriptions = wants('prescription') ? await prescriptionTasks(asked) : [];
  const renewals = wants('renewal') ? await ownRenewals(asked) : [];
  const found = [
    ...prescriptions,
    ...renewals.map((one) => ({
      resource: renewalTaskOf(one),
      patient: [{ system: systems.pseudonym, value: one.patient }],
    })),
  ]
    .filter(({ patient }) => isOfPatient(params, patient))
    .map(({ resource }) => resource)
    .filter(
      (resource) =>
        params.getAll('status').every((statuses) => statuses.split(',').includes(resource.status)) &&
        isFocus(params, resource.focus.reference) &&
        isWithin(resource.lastModified, params.getAll('modified'), 'modified') &&
        isWithin(resource.lastModified, params.getAll('_lastUpdated'), '_lastUpdated'),
    )
    .sort((a, b) => b.lastModified.localeCompare(a.lastModified) || (a.id < b.id ? -1 : 1));
  return searchSet(asked, 'Task', found);
}

export const task: ResourceType = {
  type: 'Task',
  documentation:
    'The workflow of each prescription: create with the code accept takes it on; an update to rejected gives it back, to completed closes it, to cancelled agrees to a request to cancel, and with the codes refuse-cancel, offer-transfer, withdraw-transfer, accept-transfer does what they say. Requests for renewals: create with the code renewal asks, an update to rejected denies, to cancelled withdraws; a MedicationRequest whose supportingInformation names one approves it.',
  searchParameters: [
    { name: 'code', type: 'token', documentation: 'prescription or renewal' },
    { name: 'status', type: 'token', documentation: 'One or several, separated by commas' },
    { name: 'focus', type: 'reference', documentation: 'MedicationRequest/rx-…' },
    ...patientParameters.map((name) => ({
      ...{ name, type: 'token' as const, documentation: 'Pseudonym or register number of the patient' },
    })),
    { name: 'modified', type: 'date', documentation: 'Time of the ledger’s last change' },
    { name: '_lastUpdated', type: 'date', documentation: 'The same' },
  ],
  create,
  judge,
  read,
  update,
  search,
};
