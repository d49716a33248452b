import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { newConsent, newConsentRequest } from '#chaincode/model/consent.ts';
import { AppError } from '#server/errors.ts';
import type { Portal } from '#server/portal.ts';
import { consentRequests, consents } from '../gateways/db/schema/care.ts';
import { tell } from '../notices/tell.ts';
import type { Actor } from '../people/schema.ts';
import { requireReach } from '../records/reach.ts';
import type { Saga } from '../sagas/store.ts';
import type { FlowPerson, Handlers } from '../transactions/handler.ts';
import { isRecorded } from '../transactions/recorded.ts';
import type { ConsentIntent } from './kinds.ts';
import { projectConsents, projectRequests } from './readModel.ts';

type IntentOf<Kind> = Extract<ConsentIntent, { kind: Kind }>;

async function checkGrant(portal: Portal, actor: Actor, { consent }: IntentOf<'consents:grant'>): Promise<void> {
  if (portal.ledger.careChannelOf(consent.id) !== portal.ledger.careChannelOf(consent.patient)) {
    throw new AppError('WRONG_CHANNEL', `${consent.id} and ${consent.patient}`);
  }
  await requireReach(portal, actor, consent.patient);
}

async function checkRequest(portal: Portal, actor: Actor, { request }: IntentOf<'consents:request'>): Promise<void> {
  if (portal.ledger.careChannelOf(request.id) !== portal.ledger.careChannelOf(request.patient)) {
    throw new AppError('WRONG_CHANNEL', `${request.id} and ${request.patient}`);
  }
  await requireReach(portal, actor, request.patient);
}

/** A consent or request of a record of the actor's, where the read model knows of it; the contract judges in any case. */
const own =
  (table: typeof consents | typeof consentRequests, begun: string) =>
  async (portal: Portal, actor: Actor, { id }: { id: string }): Promise<void> => {
    const which = portal.db.select({ patient: table.patient, state: table.state }).from(table);
    const [row] = await which.where(eq(table.id, id));
    if (row === undefined) return;
    await requireReach(portal, actor, row.patient);
    if (row.state !== begun) throw new AppError('WRONG_STATE', `${id} is ${row.state}`);
  };

const keptConsent = z.object({ consent: newConsent });
const keptRequest = z.object({ request: newConsentRequest });

/** The event says the same to whoever follows the ledger; this is for who looks before it was followed so far. */
async function publishGrant({ db }: Portal, { row }: Saga): Promise<string> {
  const { id, patient, answers } = keptConsent.parse(row.intent).consent;
  const at = row.createdAt;
  await projectConsents(db, row.channel, [{ id, patient, state: 'active', version: 1, at: at.toISOString() }]);
  if (answers === undefined) return id;
  const answered = { id: answers, patient, state: 'granted', version: 2, at: at.toISOString() };
  await projectRequests(db, row.channel, [answered]);
  const [asked] = await db
    .select({ requester: consentRequests.requester })
    .from(consentRequests)
    .where(eq(consentRequests.id, answers));
  if (asked?.requester) await tell(db, [asked.requester], { kind: 'requestGranted', subject: answers, patient, at });
  return id;
}

async function publishRequest({ db }: Portal, { row }: Saga, { subjectId }: FlowPerson): Promise<string> {
  const { id, patient } = keptRequest.parse(row.intent).request;
  const at = row.createdAt.toISOString();
  await projectRequests(db, row.channel, [{ id, patient, state: 'open', version: 1, at, requester: subjectId }]);
  return id;
}

const publishChange =
  (project: typeof projectConsents, table: typeof consents | typeof consentRequests, state: string) =>
  async ({ db }: Portal, { row }: Saga): Promise<string> => {
    const [before] = await db.select({ patient: table.patient }).from(table).where(eq(table.id, row.subject));
    if (before === undefined) return row.subject;
    const at = row.createdAt.toISOString();
    await project(db, row.channel, [{ id: row.subject, patient: before.patient, state, version: 2, at }]);
    return row.subject;
  };

const shows = isRecorded;
const clinicians = ['doctor', 'pharmacist'] as const;

export const consentHandlers: Handlers<ConsentIntent> = {
  'consents:grant': { roles: ['patient'], check: checkGrant, shows, publish: publishGrant },
  'consents:revoke': {
    roles: ['patient'],
    check: own(consents, 'active'),
    shows,
    publish: publishChange(projectConsents, consents, 'revoked'),
  },
  'consents:request': { roles: clinicians, check: checkRequest, shows, publish: publishRequest },
  'consents:decline': {
    roles: ['patient'],
    check: own(consentRequests, 'open'),
    shows,
    publish: publishChange(projectRequests, consentRequests, 'declined'),
  },
  'consents:withdraw': {
    roles: clinicians,
    check: async ({ db }, actor, { id }) => {
      const [row] = await db.select().from(consentRequests).where(eq(consentRequests.id, id));
      if (row?.requester && row.requester !== actor.subjectId) throw new AppError('NOT_AUTHORISED', id);
      if (row !== undefined && row.state !== 'open') throw new AppError('WRONG_STATE', `${id} is ${row.state}`);
    },
    shows,
    publish: publishChange(projectRequests, consentRequests, 'withdrawn'),
  },
};
