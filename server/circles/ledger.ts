import { z } from 'zod';
import { type CircleEpoch, type CircleView, circleEpoch, circleView } from '#chaincode/model/circle.ts';
import { type Plan, plan } from '#chaincode/model/telemetry.ts';
import { AppError } from '#server/errors.ts';
import type { LedgerGateway } from '../gateways/ledger/ledger.ts';

type Ledger = Pick<LedgerGateway, 'evaluate' | 'careChannelOf'>;

const epochsOfPage = z.array(circleEpoch);
const pageSize = 100;

async function ask<T>(ledger: Ledger, name: string, args: [string, ...string[]], shape: z.ZodType<T>, mspId?: string) {
  const call = { channel: ledger.careChannelOf(args[0]), contract: 'care', function: name, args };
  const bytes = await ledger.evaluate({ ...call, ...(mspId === undefined ? {} : { mspId }) });
  try {
    return shape.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch (cause) {
    throw new AppError('INTERNAL', `the ledger answered something else for ${name}`, { cause });
  }
}

/** A patient's circle and seats, as everybody on the channel knows them. Throws LEDGER_UNAVAILABLE. */
export const readCircle = (ledger: Ledger, patient: string, mspId?: string): Promise<CircleView> =>
  ask(ledger, 'circles:read', [patient], circleView, mspId);

/** The epochs of a generation, from one on to the present, oldest first. */
export async function readEpochs(
  ledger: Ledger,
  { patient, generation, from }: { patient: string; generation: number; from: number },
  mspId?: string,
): Promise<CircleEpoch[]> {
  const epochs: CircleEpoch[] = [];
  for (let next = from; ; next += pageSize) {
    const args: [string, ...string[]] = [patient, `${generation}`, `${next}`, `${pageSize}`];
    const page = await ask(ledger, 'circles:readEpochs', args, epochsOfPage, mspId);
    epochs.push(...page);
    if (page.length < pageSize) return epochs;
  }
}

/** The plan in force; undefined where there is none. */
export async function readPlan(ledger: Ledger, patient: string, mspId?: string): Promise<Plan | undefined> {
  try {
    return await ask(ledger, 'telemetry:readPlan', [patient], plan, mspId);
  } catch (error) {
    if (error instanceof AppError && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}
