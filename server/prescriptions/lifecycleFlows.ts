import type { Prescription } from '#chaincode/model/prescription.ts';
import { AppError } from '#server/errors.ts';
import type { Portal } from '#server/portal.ts';
import type { Actor, Role } from '../people/schema.ts';
import { representedBy } from '../records/reach.ts';
import { readInstitution } from '../registry/ledger.ts';
import type { Saga } from '../sagas/store.ts';
import type { FlowPerson, Handler, Handlers } from '../transactions/handler.ts';
import { isRecorded } from '../transactions/recorded.ts';
import { readFromLedger, readRenewal } from './ledger.ts';
import type { LifecycleIntent } from './lifecycleKinds.ts';
import {
  allowAsking,
  allowDenying,
  allowLifecycle,
  allowWithdrawing,
  type LifecycleChange,
} from './lifecyclePolicy.ts';
import { project } from './readModel.ts';
import { projectRenewals } from './renewals.ts';

/** For whom a patient acts besides; nobody else acts for anybody. */
export const representedOf = (portal: Portal, actor: Actor): Promise<string[]> =>
  actor.role === 'patient' ? representedBy(portal, actor.subjectId) : Promise.resolve([]);

/** Writes the ledger's present state to the read model. */
export async function publish(portal: Portal, { row }: Saga, { mspId }: FlowPerson): Promise<string> {
  const prescription = await readFromLedger(portal.ledger, row.subject, mspId);
  await project(portal.db, row.channel, [prescription]);
  return `version ${prescription.version}`;
}

/** The same of a request for a renewal. */
async function publishRenewal(portal: Portal, { row }: Saga, { mspId }: FlowPerson): Promise<string> {
  const record = await readRenewal(portal.ledger, row.subject, mspId);
  await projectRenewals(portal.db, row.channel, [record]);
  return `version ${record.version}`;
}

async function check(portal: Portal, actor: Actor, intent: LifecycleChange, now: Date): Promise<Prescription> {
  const prescription = await readFromLedger(portal.ledger, intent.id, actor.mspId);
  allowLifecycle(actor, intent, prescription, now, await representedOf(portal, actor));
  return prescription;
}

/** A change of a prescription, whose present state says whether it is done. */
function change<Intent extends LifecycleChange>(
  roles: readonly Role[],
  isDone: (prescription: Prescription, person: FlowPerson) => boolean,
): Handler<Intent> {
  return {
    roles,
    check: async (portal, actor, intent, now) => {
      await check(portal, actor, intent, now);
    },
    shows: async (portal, saga, person) =>
      isDone(await readFromLedger(portal.ledger, saga.row.subject, person.mspId), person),
    publish,
  };
}

/** As above, where a later change may have covered it: what is followed of the ledger says whether it was recorded. */
const recorded = <Intent extends LifecycleChange>(roles: readonly Role[]): Handler<Intent> => ({
  ...change<Intent>(roles, () => false),
  shows: isRecorded,
});

const pharmacist = ['pharmacist'] as const;
const patient = ['patient'] as const;

export const lifecycleHandlers: Handlers<LifecycleIntent> = {
  requestCancel: recorded(['doctor', 'patient']),
  answerCancel: recorded(pharmacist),
  noticeHold: recorded(patient),
  endHold: recorded(patient),
  offerTransfer: {
    ...recorded(pharmacist),
    check: async (portal, actor, intent, now) => {
      await check(portal, actor, intent, now);
      await requireReader(portal, intent.to);
    },
  },
  acceptTransfer: change(pharmacist, ({ holder }, { subjectId }) => holder?.practitionerId === subjectId),
  withdrawTransfer: change(pharmacist, ({ transfer }) => transfer === undefined),
  refuseTransfer: change(patient, ({ transfer }) => transfer === undefined),
  authorisePickup: recorded(patient),
  revokePickup: change(patient, ({ pickup }) => pickup === undefined),
  askRenewal: {
    roles: ['patient', 'pharmacist'],
    check: async (portal, actor, { renewal: { id, prescription: of } }) => {
      if (portal.ledger.careChannelOf(id) !== portal.ledger.careChannelOf(of)) throw new AppError('WRONG_CHANNEL', id);
      const prescription = await readFromLedger(portal.ledger, of, actor.mspId);
      allowAsking(actor, prescription, await representedOf(portal, actor));
    },
    shows: isRecorded,
    publish: publishRenewal,
  },
  denyRenewal: {
    roles: ['doctor'],
    check: async (portal, actor, { id }) => allowDenying(actor, await readRenewal(portal.ledger, id, actor.mspId)),
    shows: isRecorded,
    publish: publishRenewal,
  },
  withdrawRenewal: {
    roles: ['patient', 'pharmacist'],
    check: async (portal, actor, { id }) =>
      allowWithdrawing(actor, await readRenewal(portal.ledger, id, actor.mspId), await representedOf(portal, actor)),
    shows: isRecorded,
    publish: publishRenewal,
  },
};

/** A prescription is transferred to a pharmacy that is active and has a key to wrap for. */
async function requireReader(portal: Portal, to: string): Promise<void> {
  const { kind, status, reading } = await readInstitution(portal.ledger, to);
  if (kind !== 'pharmacy' || status !== 'active') throw new AppError('INVALID_ARGUMENT', `${to} is no active pharmacy`);
  if (reading === undefined) {
    throw new AppError('WRONG_STATE', `${to} has no reading key`, {
      message: 'That pharmacy has no reading key yet, so that nothing can be transferred to it.',
      next: 'Choose another pharmacy.',
    });
  }
}
