import { z } from 'zod';
import { newCommit, newSeat } from '#chaincode/model/circle.ts';
import type { Portal } from '#server/portal.ts';
import type { Actor } from '../people/schema.ts';
import type { Saga } from '../sagas/store.ts';
import type { FlowPerson, Handlers } from '../transactions/handler.ts';
import { requireStored } from './blocks.ts';
import type { CircleIntent } from './kinds.ts';
import { readCircle, readEpochs } from './ledger.ts';
import { requireMember, requireOwner } from './policy.ts';
import { projectCircles, readCircleEntry } from './readModel.ts';

type IntentOf<Kind> = Extract<CircleIntent, { kind: Kind }>;

const keptSeat = z.object({ seat: newSeat });
const keptUnseat = z.object({ patient: z.string(), subject: z.string() });
const keptCommit = z.object({ commit: newCommit });

async function checkCommit(portal: Portal, actor: Actor, { commit }: IntentOf<'circles:commit'>): Promise<void> {
  await requireMember(portal, actor, commit.patient);
  await requireStored(portal, commit.patient, commit);
}

/** Its owner, or the doctor whose seat it is. */
async function checkUnseat(
  portal: Portal,
  actor: Actor,
  { patient, subject }: IntentOf<'circles:unseat'>,
): Promise<void> {
  if (actor.subjectId === subject) await requireMember(portal, actor, patient);
  else await requireOwner(portal, actor, patient);
}

/** Brings the circle's read model to what the ledger has now. */
export async function publishCircle(portal: Portal, channel: string, patient: string, mspId?: string): Promise<void> {
  const entry = await readCircleEntry(portal, patient, mspId);
  await portal.db.transaction((tx) => projectCircles(tx, channel, [entry]));
}

const publishOf =
  (patientOf: (kept: unknown) => string) =>
  async (portal: Portal, { row }: Saga, { mspId }: FlowPerson): Promise<string> => {
    await publishCircle(portal, row.channel, patientOf(row.intent), mspId);
    return row.subject;
  };

export const circleHandlers: Handlers<CircleIntent> = {
  'circles:seat': {
    roles: ['patient'],
    check: (portal, actor, { seat }) => requireOwner(portal, actor, seat.patient),
    shows: async ({ ledger }, { row }, { mspId }) => {
      const { patient, subject } = keptSeat.parse(row.intent).seat;
      const { seats } = await readCircle(ledger, patient, mspId);
      return seats.some((seat) => seat.subject === subject && seat.state === 'active');
    },
    publish: publishOf((kept) => keptSeat.parse(kept).seat.patient),
  },
  'circles:unseat': {
    roles: ['patient', 'doctor'],
    check: checkUnseat,
    shows: async ({ ledger }, { row }, { mspId }) => {
      const { patient, subject } = keptUnseat.parse(row.intent);
      const { seats } = await readCircle(ledger, patient, mspId);
      return !seats.some((seat) => seat.subject === subject && seat.state === 'active');
    },
    publish: publishOf((kept) => keptUnseat.parse(kept).patient),
  },
  'circles:commit': {
    roles: ['patient', 'doctor'],
    check: checkCommit,
    shows: async ({ ledger }, { row }, { mspId }) => {
      const { patient, generation, epoch, contentHash } = keptCommit.parse(row.intent).commit;
      const [first] = await readEpochs(ledger, { patient, generation, from: epoch }, mspId);
      return first?.epoch === epoch && first.contentHash === contentHash;
    },
    publish: publishOf((kept) => keptCommit.parse(kept).commit.patient),
  },
};
