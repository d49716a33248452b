import { z } from 'zod';
import { planPlace } from '#chaincode/model/telemetry.ts';
import type { Portal } from '#server/portal.ts';
import { requireStored } from '../circles/blocks.ts';
import { publishCircle } from '../circles/flows.ts';
import { readPlan } from '../circles/ledger.ts';
import { requireMember } from '../circles/policy.ts';
import type { Actor } from '../people/schema.ts';
import type { Saga } from '../sagas/store.ts';
import type { FlowPerson, Handlers } from '../transactions/handler.ts';
import { isRecorded } from '../transactions/recorded.ts';
import type { TelemetryIntent } from './kinds.ts';

type PlanIntent = Extract<TelemetryIntent, { plan: unknown }>;

const kept = z.object({ plan: planPlace });

async function checkPlan(portal: Portal, actor: Actor, { plan }: PlanIntent): Promise<void> {
  await requireMember(portal, actor, plan.patient);
  await requireStored(portal, plan.patient, plan);
}

const ofPlan = {
  check: checkPlan,
  shows: async ({ ledger }: Portal, { row }: Saga, { mspId }: FlowPerson) => {
    const { patient, cid } = kept.parse(row.intent).plan;
    return (await readPlan(ledger, patient, mspId))?.cid === cid;
  },
  publish: async (portal: Portal, { row }: Saga, { mspId }: FlowPerson) => {
    const { patient, version } = kept.parse(row.intent).plan;
    await publishCircle(portal, row.channel, patient, mspId);
    return `version ${version}`;
  },
};

export const telemetryHandlers: Handlers<TelemetryIntent> = {
  'telemetry:archive': {
    roles: ['patient', 'doctor'],
    check: async (portal, actor, { place }) => {
      await requireMember(portal, actor, place.patient);
    },
    shows: isRecorded,
  },
  'telemetry:setPlan': { roles: ['doctor'], ...ofPlan },
  'telemetry:resealPlan': { roles: ['patient', 'doctor'], ...ofPlan },
};
