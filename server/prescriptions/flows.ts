import { z } from 'zod';
import type { Prescription } from '#chaincode/model/prescription.ts';
import { AppError } from '#server/errors.ts';
import type { Portal } from '#server/portal.ts';
import { patientInReach } from '../people/patients.ts';
import type { Actor } from '../people/schema.ts';
import type { Saga } from '../sagas/store.ts';
import { envelopeOf } from '../transactions/envelope.ts';
import type { FlowPerson, Handlers } from '../transactions/handler.ts';
import type { PrescriptionIntent } from './kinds.ts';
import { readFromLedger } from './ledger.ts';
import { lifecycleHandlers, publish, representedOf } from './lifecycleFlows.ts';
import { allowChange, type Change } from './policy.ts';

type IntentOf<Kind> = Extract<PrescriptionIntent, { kind: Kind }>;
const longestValidityMs = 366 * 86_400_000;

async function checkIssue(portal: Portal, actor: Actor, { issue }: IntentOf<'issue'>, now: Date): Promise<void> {
  if (portal.ledger.careChannelOf(issue.id) !== portal.ledger.careChannelOf(issue.patient)) {
    throw new AppError('WRONG_CHANNEL', `${issue.id} and ${issue.patient}`);
  }
  const validFor = Date.parse(issue.expires) - now.getTime();
  if (validFor <= 0 || validFor > longestValidityMs) {
    throw new AppError('INVALID_INPUT', `expires ${issue.expires}`, {
      message: 'A prescription ends in the future and within 366 days.',
    });
  }
  if (issue.validFrom !== undefined && !(Date.parse(issue.validFrom) < Date.parse(issue.expires))) {
    throw new AppError('INVALID_INPUT', `validFrom ${issue.validFrom}`, {
      message: 'A prescription begins before it ends.',
    });
  }
  if ((await patientInReach(portal, actor, { pseudonym: issue.patient })) === undefined) {
    throw new AppError('FORBIDDEN', 'patient is out of reach', {
      message: 'This patient is not treated at your institution.',
      next: 'Find the patient by exact identifier first.',
    });
  }
}

/** What the contract would refuse of a change, told before anybody signs. */
async function check(portal: Portal, actor: Actor, intent: Change, now: Date): Promise<void> {
  const prescription = await readFromLedger(portal.ledger, intent.id);
  allowChange(actor, intent, prescription, now, await representedOf(portal, actor));
}

const kept = z.object({
  issue: z.object({ contentHash: z.string() }).optional(),
  dispense: z.object({ id: z.string(), contentHash: z.string() }).optional(),
  redeemHash: z.string().optional(),
  reservation: z.object({ dispenseId: z.string() }).optional(),
  dispenseId: z.string().optional(),
  reason: z.string().optional(),
});

type Kept = z.infer<typeof kept>;

/** A flow of which the prescription's present state says whether it is done. */
function shownBy(isDone: (prescription: Prescription, intent: Kept, person: FlowPerson) => boolean) {
  return async (portal: Portal, saga: Saga, person: FlowPerson): Promise<boolean> => {
    const prescription = await readFromLedger(portal.ledger, saga.row.subject, person.mspId);
    return isDone(prescription, kept.parse(saga.row.intent), person);
  };
}

export const prescriptionHandlers: Handlers<PrescriptionIntent> = {
  issue: {
    roles: ['doctor'],
    check: checkIssue,
    envelope: ({ envelope, issue }) => envelopeOf(envelope, issue),
    shows: shownBy(({ contentHash }, { issue }) => contentHash === issue?.contentHash),
    publish,
  },
  accept: {
    roles: ['pharmacist'],
    check,
    shows: shownBy(({ holder }, _, { subjectId }) => holder?.practitionerId === subjectId),
    publish,
  },
  return: {
    roles: ['pharmacist'],
    check,
    shows: shownBy(({ state, holder }) => state === 'active' && holder === undefined),
    publish,
  },
  reserve: {
    roles: ['pharmacist'],
    check,
    shows: shownBy(
      ({ reservation, dispenses }, { reservation: asked }) =>
        reservation?.dispenseId === asked?.dispenseId || dispenses.some(({ id }) => id === asked?.dispenseId),
    ),
    publish,
  },
  releaseReservation: {
    roles: ['pharmacist'],
    check,
    shows: shownBy(({ reservation }, { dispenseId }) => reservation?.dispenseId !== dispenseId),
    publish,
  },
  dispense: {
    roles: ['pharmacist'],
    check,
    envelope: ({ envelope, dispense }) => envelopeOf(envelope, dispense),
    shows: shownBy(({ dispenses }, { dispense }) =>
      dispenses.some(({ id, contentHash }) => id === dispense?.id && contentHash === dispense.contentHash),
    ),
    publish,
  },
  close: {
    roles: ['pharmacist'],
    check,
    shows: shownBy(({ state, reason }, intent) => state === 'completed' && reason === intent.reason),
    publish,
  },
  cancel: { roles: ['doctor', 'patient'], check, shows: shownBy(({ state }) => state === 'cancelled'), publish },
  voidCode: { roles: ['patient'], check, shows: shownBy(({ codeValid }) => !codeValid), publish },
  renewCode: {
    roles: ['patient'],
    check,
    shows: shownBy(({ redeemHash }, intent) => redeemHash === intent.redeemHash),
    publish,
  },
  ...lifecycleHandlers,
};
