import { z } from 'zod';
import { circleEpoch, circleView } from '#chaincode/model/circle.ts';
import type { CircleChange } from '#components/vault/circleOperations.ts';
import { circleOperations } from '#components/vault/circleOperations.ts';
import type { CircleSource } from '#components/vault/circleState.ts';
import { memoryCircleStore } from '#components/vault/circleStore.ts';
import { planOperations } from '#components/vault/planOperations.ts';
import { circleKeyOf } from '#components/vault/readingOperations.ts';
import type { PlanTerms } from '#monitoring/plan.ts';
import { putBlock, readBlock } from '#server/circles/blocks.ts';
import { readSubjects } from '#server/circles/subjects.ts';
import { AppError } from '#server/errors.ts';
import type { Portal } from '#server/portal.ts';
import type { Signer } from '../demonstration/accounts.ts';
import { openRecordBrowser } from '../demonstration/recordBrowser.ts';

const attempts = 6;
const overtaken: readonly string[] = ['STALE_KEY', 'ALREADY_EXISTS', 'LEDGER_CONFLICT'];

/** Somebody's browser as far as circles go: the code of its vault, over the portal's services. */
export async function openCircleBrowser(portal: Portal, person: Signer) {
  const browser = await openRecordBrowser(portal, person);
  const { actor } = person;
  const opened = () => browser.state;
  const blocks = (cids: string[]) => Promise.all(cids.map((cid) => readBlock(actor, { cid }, portal)));
  const vault = { ...circleOperations(opened, blocks, memoryCircleStore()), ...planOperations(opened, blocks) };

  const read = async (patient: string): Promise<CircleSource> => {
    const { circle, seats } = await browser.read({ kind: 'circles:read', patient }, circleView);
    const subjects = await readSubjects(actor, { patient }, portal);
    return { patient, circle: circle ?? null, seats, epochs: [], subjects };
  };
  const send = (patient: string, bytes: Uint8Array) => putBlock(actor, { patient, bytes }, portal);
  const settle = async ({ commit, block }: CircleChange): Promise<void> => {
    const { patient } = commit;
    try {
      await send(patient, block.bytes);
      await browser.transact({ kind: 'circles:commit', commit });
    } catch (error) {
      if (!(error instanceof AppError && overtaken.includes(error.code))) throw error;
      await vault.circleSettle({ patient, taken: false });
      return;
    }
    await vault.circleSettle({ patient, taken: true });
  };

  return {
    actor,

    /** The key of an epoch in which this browser has been. */
    keyOf: (patient: string, generation: number, epoch: number) => circleKeyOf(opened(), patient, generation, epoch),

    /** Takes this browser into the circle, or up to its present epoch; the patient's begins it where there is none. */
    async enter(patient: string): Promise<void> {
      for (let attempt = 0; attempt < attempts; attempt += 1) {
        const source = await read(patient);
        let entered = await vault.circleEnter(source);
        while (entered.state === 'behind') {
          const { generation, from } = entered;
          const asked = { kind: 'circles:readEpochs', patient, generation, from, pageSize: 100 } as const;
          entered = await vault.circleEnter({ ...source, epochs: await browser.read(asked, z.array(circleEpoch)) });
        }
        if (entered.state === 'in') return;
        if (entered.state !== 'commit')
          throw new Error(`${actor.subjectId} is ${entered.state} of ${patient}'s circle.`);
        await settle(entered);
      }
      throw new Error(`Others changed the circle of ${patient} each time.`);
    },

    /** Signs a plan and has it recorded. The browser is in the circle. */
    async setPlan(patient: string, terms: PlanTerms): Promise<void> {
      const { intent, block } = await vault.circleSealPlan({ patient, version: 1, terms });
      await send(patient, block.bytes);
      await browser.transact(intent);
    },

    /** A second factor confirms each seat, as in the browser. */
    async seat(patient: string, subject: string): Promise<void> {
      const { seats } = await read(patient);
      if (seats.some((seat) => seat.subject === subject && seat.state === 'active')) return;
      await browser.transact({ kind: 'circles:seat', seat: { patient, subject } });
    },

    /** Whether the patient has a plan. */
    async hasPlan(patient: string): Promise<boolean> {
      try {
        await browser.read({ kind: 'telemetry:readPlan', patient }, z.unknown());
        return true;
      } catch (error) {
        if (error instanceof AppError && error.code === 'NOT_FOUND') return false;
        throw error;
      }
    },
  };
}
export type CircleBrowser = Awaited<ReturnType<typeof openCircleBrowser>>;
