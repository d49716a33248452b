import { z } from 'zod';
import {
  type Container,
  container,
  eventRecord,
  type Pack,
  type PackName,
  pack,
  type Recall,
  recallRecord,
  type Verification,
  type VerifyArgument,
  verification,
} from '#chaincode/model/trace.ts';
import { AppError } from '#server/errors.ts';
import type { Portal } from '#server/portal.ts';

type Ledger = Portal['ledger'];

/** As the contracts have them, with the containers around them, the innermost first. */
const around = { containers: z.array(z.string()) };
const packView = pack.extend({ ...around, recalls: z.array(z.string()) });
const containerView = container.extend(around);
const eventView = z.object({ event: eventRecord, declaration: eventRecord.optional() });

export type PackNow = Pack & { containers: string[]; recalls: string[] };
export type ContainerNow = Container & { containers: string[] };

const contract = 'supply';
const mostPacks = 100;

async function ask<T>(
  ledger: Ledger,
  channel: string,
  name: string,
  args: string[],
  shape: z.ZodType<T>,
  mspId?: string,
): Promise<T> {
  const call = { channel, contract, function: name, args };
  const bytes = await ledger.evaluate(mspId === undefined ? call : { ...call, mspId });
  try {
    return shape.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch (cause) {
    throw new AppError('INTERNAL', `${channel} answered something else for ${name}`, { cause });
  }
}

/** Undefined instead of NOT_FOUND. */
export async function found<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof AppError && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}

/** Channels on which packs are traced. */
export const supplyChannels = (ledger: Ledger): string[] =>
  ledger.channels().filter((name) => ledger.kindOf(name) === 'supply' && ledger.contractsOf(name).includes(contract));

/** Packs of one channel as it has them now; unknown ones are left out. */
export async function readPacks(ledger: Ledger, channel: string, names: PackName[], mspId: string): Promise<PackNow[]> {
  const chunks: PackName[][] = [];
  for (let start = 0; start < names.length; start += mostPacks) chunks.push(names.slice(start, start + mostPacks));
  const answers = await Promise.all(
    chunks.map((chunk) =>
      ask(ledger, channel, 'readPacks', [JSON.stringify(chunk)], z.array(packView.nullable()), mspId),
    ),
  );
  return answers.flat().filter((found) => found !== null);
}

/** A container on one channel; undefined where the channel has none of its packs. */
export const readContainer = (
  ledger: Ledger,
  channel: string,
  sscc: string,
  mspId: string,
): Promise<ContainerNow | undefined> => found(ask(ledger, channel, 'readContainer', [sscc], containerView, mspId));

/** What the contract says of what a DataMatrix says. */
export const verify = (ledger: Ledger, channel: string, asked: VerifyArgument, mspId: string): Promise<Verification> =>
  ask(ledger, channel, 'verify', [JSON.stringify(asked)], verification, mspId);

/** All recalls of a product, in force or ended, oldest first. */
export const readRecalls = (ledger: Ledger, channel: string, gtin: string, mspId?: string): Promise<Recall[]> =>
  ask(ledger, channel, 'readRecalls', [gtin], z.array(recallRecord), mspId);

/** What was decided about an event; undefined where it is not recorded. */
export const readEvent = (
  ledger: Ledger,
  channel: string,
  hash: string,
  mspId: string,
): Promise<z.infer<typeof eventView> | undefined> => found(ask(ledger, channel, 'readEvent', [hash], eventView, mspId));
