import { AppError } from '#server/errors.ts';
import type { Portal } from '#server/portal.ts';
import { publishKeys } from '../people/rotation.ts';
import type { Actor } from '../people/schema.ts';
import type { Handlers } from '../transactions/handler.ts';
import { isRecorded } from '../transactions/recorded.ts';
import type { PatientIntent } from './kinds.ts';

/** A patient changes the own entry only. */
async function own(_: Portal, actor: Actor, { pseudonym }: { pseudonym: string }): Promise<void> {
  if (pseudonym !== actor.subjectId) throw new AppError('FORBIDDEN', `${actor.subjectId} is not ${pseudonym}`);
}

const shows = isRecorded;
const ofOwn = { roles: ['patient'], check: own, shows } as const;

export const patientHandlers: Handlers<PatientIntent> = {
  'patients:rotateKeys': { ...ofOwn, publish: publishKeys },
  'patients:addCredential': ofOwn,
  'patients:removeCredential': ofOwn,
  'patients:setStatus': { roles: ['regulator'], shows },
  'patients:appoint': { roles: ['patient', 'admin'], shows },
  'patients:endRepresentation': { roles: ['patient', 'admin'], shows },
  'patients:proposeReenrolment': { roles: ['admin'], shows },
  'patients:approveReenrolment': { roles: ['regulator'], shows },
  'patients:refuseReenrolment': { roles: ['patient', 'admin', 'regulator'], shows },
};
