import { type Renewal, type RenewalState, renewalId } from '#chaincode/model/renewal.ts';
import { canonicalJson } from '#chaincode/model/state.ts';
import { newCareId } from '#crypto/identifier.ts';
import { systems } from '#fhir/coding.ts';
import type { Task } from '#fhir/r4/task.ts';
import { ConnectorError } from '../errors.ts';
import { requireVersion } from './conditional.ts';
import { reasonOf } from './heldTask.ts';
import { practitionerOf, referredId, unprocessable } from './inbound.ts';
import { refuse } from './refusal.ts';
import type { Answer, Asked } from './resourceType.ts';
import { requireFew } from './search.ts';
import { concept, inputType } from './taskWords.ts';
import { actsFor, isOfPatient, keptAndSeen, maySee, namesOf, requirePractitioner } from './visible.ts';

/** Requests that a prescription be written anew: a pharmacy asks, the author's software denies, or answers by a prescription. */

export const isRenewalId = (id: string): boolean => renewalId.safeParse(id).success;

const statuses = {
  asked: 'requested',
  approved: 'completed',
  changed: 'completed',
  denied: 'rejected',
  withdrawn: 'cancelled',
} as const satisfies Record<RenewalState, Task['status']>;

/** A request for a renewal as software gets it. */
export function renewalTaskOf(renewal: Renewal) {
  const { id, version, state, reason, prescription, patient, by, author, at, answeredAt = at, next } = renewal;
  const askedBy = by.startsWith('prac-') ? systems.practitioner : systems.pseudonym;
  return {
    resourceType: 'Task',
    id,
    meta: { versionId: `${version}`, lastUpdated: answeredAt },
    identifier: [{ system: systems.renewal, value: id }],
    status: statuses[state],
    ...(reason !== undefined && { statusReason: { text: reason } }),
    businessStatus: concept(systems.renewalState, state),
    intent: 'proposal',
    code: concept(systems.task, 'renewal'),
    focus: { reference: `MedicationRequest/${prescription}` },
    for: { identifier: { system: systems.pseudonym, value: patient } },
    authoredOn: at,
    lastModified: answeredAt,
    requester: { identifier: { system: askedBy, value: by } },
    owner: { identifier: { system: systems.practitioner, value: author } },
    ...(next !== undefined && {
      output: [{ type: inputType('renewal'), valueIdentifier: { system: systems.prescription, value: next } }],
    }),
  };
}

function answerOf(renewal: Renewal, status: 200 | 201 = 200): Answer {
  const resource = renewalTaskOf(renewal);
  const { versionId, lastUpdated } = resource.meta;
  return { status, resource, version: { type: 'Task', id: resource.id, versionId, lastUpdated } };
}

const concerns = (asked: Asked, { authorInstitution, byInstitution, author, by }: Renewal): boolean =>
  [authorInstitution, byInstitution].includes(asked.site.institution.id) && actsFor(asked, author, by);

async function renewalOf(asked: Asked, id: string): Promise<Renewal> {
  const found = await asked.site.ledger.renewal(id).catch((error: unknown) => {
    if (error instanceof ConnectorError && error.code === 'NOT_FOUND') return undefined;
    throw error;
  });
  if (!found || !concerns(asked, found)) throw refuse(404, 'not-found', `there is no Task/${id}`);
  return found;
}

export const readRenewal = async (asked: Asked, id: string): Promise<Answer> => answerOf(await renewalOf(asked, id));

/** Those about patients whose prescriptions went through here, of this institution's doctors or by its pharmacists. */
export async function ownRenewals(asked: Asked): Promise<Renewal[]> {
  const { site, params } = asked;
  const seen = site.kept.all().filter((kept) => maySee(asked, kept) && isOfPatient(params, namesOf(kept).patient));
  const patients = new Set(seen.map(({ patient }) => patient));
  requireFew(patients.size, 'patient');
  return (await site.ledger.renewals([...patients])).filter((one) => concerns(asked, one));
}

/** A pharmacist asks the author of a prescription that the pharmacy holds or dispensed on. */
export async function readAsking(asked: Asked, sent: Task) {
  const { site } = asked;
  const prescription = referredId(sent.focus?.reference, 'MedicationRequest', site.base);
  if (prescription === undefined) throw unprocessable('Task.focus.reference', 'must be MedicationRequest/rx-…');
  const practitioner = practitionerOf(sent.requester, 'Task.requester');
  requirePractitioner(asked, practitioner);
  const { kept } = await keptAndSeen(asked, 'MedicationRequest', prescription);
  return { practitioner, prescription, kept };
}

export async function askRenewal(asked: Asked, sent: Task): Promise<Answer> {
  const { site } = asked;
  const { practitioner, prescription, kept } = await readAsking(asked, sent);
  const id = newCareId('rn', kept.patient);
  await site.delegates.submit({
    ...{ practitioner, function: 'askRenewal', args: [canonicalJson({ id, prescription })] },
  });
  return answerOf(await renewalOf(asked, id), 201);
}

/** The author's software denies it (`rejected`), or the pharmacy that asked withdraws it (`cancelled`). */
export async function judgeRenewal(asked: Asked, sent: Task, id: string) {
  const renewal = await renewalOf(asked, id);
  const denies = sent.status === 'rejected';
  if (!denies && sent.status !== 'cancelled') {
    throw unprocessable('Task.status', 'can become rejected or cancelled; a MedicationRequest that names it approves');
  }
  const practitioner = denies
    ? practitionerOf(sent.owner, 'Task.owner')
    : practitionerOf(sent.requester, 'Task.requester');
  requirePractitioner(asked, practitioner);
  const reason = denies ? reasonOf(sent, 'why it is denied', asked.site.kept.find(renewal.prescription)) : '';
  const call = denies
    ? ({ function: 'answerRenewal', args: [id, canonicalJson({ outcome: 'denied', reason })] } as const)
    : ({ function: 'withdrawRenewal', args: [id] } as const);
  return { renewal, practitioner, call };
}

export async function updateRenewal(asked: Asked, sent: Task, id: string): Promise<Answer> {
  const { renewal, practitioner, call } = await judgeRenewal(asked, sent, id);
  requireVersion(asked, renewal.version);
  await asked.site.delegates.submit({ practitioner, ...call });
  return answerOf(await renewalOf(asked, id));
}
