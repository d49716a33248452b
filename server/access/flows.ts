import type { Emergency } from '#chaincode/model/access.ts';
import { AppError } from '#server/errors.ts';
import type { Portal } from '#server/portal.ts';
import type { Actor } from '../people/schema.ts';
import { readAccessEntry, readEmergency } from '../records/ledger.ts';
import { requireReach } from '../records/reach.ts';
import type { Saga } from '../sagas/store.ts';
import type { FlowPerson, Handlers } from '../transactions/handler.ts';
import type { AccessIntent } from './kinds.ts';
import { projectAccesses, projectEmergencies } from './readModel.ts';

type IntentOf<Kind> = Extract<AccessIntent, { kind: Kind }>;

/** In an emergency nobody asks whether the patient is treated here: the statement is what counts, in everybody's sight. */
async function checkRequest(portal: Portal, actor: Actor, { access }: IntentOf<'access:request'>): Promise<void> {
  if (access.emergency === undefined) await requireReach(portal, actor, access.patient);
}

async function checkConfirm(portal: Portal, actor: Actor, { id }: IntentOf<'access:confirmEmergency'>): Promise<void> {
  const emergency = await readEmergency(portal.ledger, id);
  if (emergency.actor === actor.subjectId || emergency.institution !== actor.institutionId) {
    throw new AppError('NOT_AUTHORISED', 'another doctor of the institution confirms');
  }
  if (emergency.level === 'full') throw new AppError('WRONG_STATE', 'confirmed already');
}

async function checkReview(portal: Portal, actor: Actor, { id }: IntentOf<'access:reviewEmergency'>): Promise<void> {
  const emergency = await readEmergency(portal.ledger, id);
  if (actor.role === 'admin' && emergency.institution !== actor.institutionId) {
    throw new AppError('NOT_AUTHORISED', 'an emergency of another institution');
  }
  if (emergency.review !== undefined) throw new AppError('WRONG_STATE', 'reviewed already');
}

async function publishAccess(portal: Portal, { row }: Saga, { mspId }: FlowPerson): Promise<string> {
  const entry = await readAccessEntry(portal.ledger, row.subject, mspId);
  const { transactionId, blockNumber } = row;
  // Where the block is not known, who follows the ledger tells of it.
  if (transactionId && blockNumber !== null) {
    await projectAccesses(portal.db, row.channel, [{ ...entry, transactionId, blockNumber: Number(blockNumber) }]);
  }
  return entry.id;
}

async function publishEmergency(portal: Portal, { row }: Saga, { mspId }: FlowPerson): Promise<string> {
  const entry = await readEmergency(portal.ledger, row.subject, mspId);
  await projectEmergencies(portal.db, row.channel, [entry]);
  return `version ${entry.version}`;
}

const shown =
  (isDone: (emergency: Emergency, person: FlowPerson) => boolean) =>
  async ({ ledger }: Portal, { row }: Saga, person: FlowPerson): Promise<boolean> =>
    isDone(await readEmergency(ledger, row.subject, person.mspId), person);

export const accessHandlers: Handlers<AccessIntent> = {
  'access:request': {
    roles: ['doctor', 'pharmacist', 'patient'],
    check: checkRequest,
    shows: async ({ ledger }, { row }, { mspId, subjectId }) =>
      (await readAccessEntry(ledger, row.subject, mspId)).reader === subjectId,
    publish: publishAccess,
  },
  'access:openEmergency': {
    roles: ['doctor'],
    shows: shown(({ actor }, { subjectId }) => actor === subjectId),
    publish: publishEmergency,
  },
  'access:confirmEmergency': {
    roles: ['doctor'],
    check: checkConfirm,
    shows: shown(({ confirmedBy }, { subjectId }) => confirmedBy === subjectId),
    publish: publishEmergency,
  },
  'access:reviewEmergency': {
    roles: ['regulator', 'admin'],
    check: checkReview,
    shows: shown(({ review }, { subjectId }) => review?.by === subjectId),
    publish: publishEmergency,
  },
};
