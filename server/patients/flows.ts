import { AppError } from '#server/errors.ts';
import type { Portal } from '#server/portal.ts';
import { patientInReach } from '../people/patients.ts';
import { publishKeys } from '../people/rotation.ts';
import type { Actor } from '../people/schema.ts';
import { readPatientReenrolment, readRepresentation } from '../records/ledger.ts';
import { requireMade } from '../reenrolment/pending.ts';
import { projectReenrolments } from '../reenrolment/readModel.ts';
import type { Saga } from '../sagas/store.ts';
import type { FlowPerson, Handlers } from '../transactions/handler.ts';
import { isRecorded } from '../transactions/recorded.ts';
import type { PatientIntent } from './kinds.ts';
import { projectRepresentations } from './readModel.ts';

/** A patient changes the own entry only. */
async function own(_: Portal, actor: Actor, { pseudonym }: { pseudonym: string }): Promise<void> {
  if (pseudonym !== actor.subjectId) throw new AppError('FORBIDDEN', `${actor.subjectId} is not ${pseudonym}`);
}

type IntentOf<Kind> = Extract<PatientIntent, { kind: Kind }>;

const outOfReach = (patient: string) =>
  new AppError('FORBIDDEN', `${patient} is out of reach`, {
    message: 'This patient is not treated at your institution.',
  });

/** An admin answers for patients whom the institution treats. */
async function treatedHere(portal: Portal, actor: Actor, pseudonym: string): Promise<void> {
  if ((await patientInReach(portal, actor, { pseudonym })) === undefined) throw outOfReach(pseudonym);
}

async function checkAppointment(portal: Portal, actor: Actor, { appointment }: IntentOf<'patients:appoint'>) {
  const { patient, representative, documentHash, until } = appointment;
  if (patient === representative) throw new AppError('INVALID_INPUT', 'acts for the own record already');
  if (actor.role === 'patient') return own(portal, actor, { pseudonym: patient });
  await treatedHere(portal, actor, patient);
  if (documentHash === undefined || until === undefined) {
    throw new AppError('INVALID_INPUT', 'document or end is missing', {
      message: 'An institution names the document that it relies on and when the representation ends.',
    });
  }
}

async function checkEnd(portal: Portal, actor: Actor, { id }: IntentOf<'patients:endRepresentation'>): Promise<void> {
  const { patient, representative, institution, state } = await readRepresentation(portal.ledger, id);
  const concerned =
    actor.role === 'patient'
      ? [patient, representative].includes(actor.subjectId)
      : institution === actor.institutionId;
  if (!concerned) throw new AppError('NOT_AUTHORISED', `${id} is no business of ${actor.subjectId}`);
  if (state !== 'active') throw new AppError('WRONG_STATE', state);
}

/** The person, or an admin of an institution that treats the patient, or the authority. */
async function checkRefusal(portal: Portal, actor: Actor, { subject }: { subject: string }): Promise<void> {
  if (actor.role === 'patient') await own(portal, actor, { pseudonym: subject });
  if (actor.role === 'admin') await treatedHere(portal, actor, subject);
}

async function publishRepresentation(portal: Portal, { row }: Saga, { mspId }: FlowPerson): Promise<string> {
  const entry = await readRepresentation(portal.ledger, row.subject, mspId);
  await projectRepresentations(portal.db, row.channel, [entry]);
  return `version ${entry.version}`;
}

async function publishReenrolment(portal: Portal, { row }: Saga, { mspId }: FlowPerson): Promise<string> {
  const entry = await readPatientReenrolment(portal.ledger, row.subject, mspId);
  await projectReenrolments(portal.db, row.channel, [entry]);
  return `version ${entry.version}`;
}

const shows = isRecorded;
const ofOwn = { roles: ['patient'], check: own, shows } as const;
const ofReenrolment = { shows, publish: publishReenrolment } as const;

export const patientHandlers: Handlers<PatientIntent> = {
  'patients:rotateKeys': { ...ofOwn, publish: publishKeys },
  'patients:addCredential': ofOwn,
  'patients:removeCredential': ofOwn,
  'patients:setStatus': { roles: ['regulator'], shows },
  'patients:appoint': { roles: ['patient', 'admin'], check: checkAppointment, shows, publish: publishRepresentation },
  'patients:endRepresentation': { roles: ['patient', 'admin'], check: checkEnd, shows, publish: publishRepresentation },
  'patients:proposeReenrolment': {
    ...ofReenrolment,
    roles: ['admin'],
    check: async (portal, actor, { subject, keys }) => {
      await treatedHere(portal, actor, subject);
      await requireMade(portal, subject, keys);
    },
  },
  'patients:approveReenrolment': { ...ofReenrolment, roles: ['regulator'] },
  'patients:refuseReenrolment': { ...ofReenrolment, roles: ['patient', 'admin', 'regulator'], check: checkRefusal },
};
