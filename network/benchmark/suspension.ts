import { setTimeout as delay } from 'node:timers/promises';
import { mirroredStanding } from '#chaincode/model/standing.ts';
import { AppError } from '#server/errors.ts';
import type { Portal } from '#server/portal.ts';
import { readPractitioner } from '#server/registry/ledger.ts';
import { findActor } from '#server/session/service.ts';
import type { Signer } from '../demonstration/accounts.ts';
import { transact } from '../demonstration/transact.ts';

/** Milliseconds from the commit of a suspension until it holds everywhere. */
export interface SuspensionDelay {
  /** By care channel: until a write of the suspended person, even one endorsed before, is refused there. */
  channels: Record<string, number>;
  /** Until the running session has ended, and with it the open streams. */
  session: number;
  suspensionDelayMs: number;
}

/** What a suspension must bring about, each asked again until it has. */
export interface Suspension {
  /** Has it committed, and answers when it was, as `performance.now()` has it. */
  suspend(): Promise<number>;
  channels: readonly string[];
  isMirrored(channel: string): Promise<boolean>;
  isSessionOver(): Promise<boolean>;
}

const everyMs = 10;

/** Suspends, and waits until nothing of the person is left anywhere. Throws where it takes longer than `deadlineMs`. */
export async function measureSuspension(
  { suspend, channels, isMirrored, isSessionOver }: Suspension,
  deadlineMs = 60_000,
): Promise<SuspensionDelay> {
  const committed = await suspend();
  const until = async (what: string, holds: () => Promise<boolean>): Promise<number> => {
    while (!(await holds())) {
      if (performance.now() - committed > deadlineMs) throw new Error(`${what} after ${deadlineMs} ms`);
      await delay(everyMs);
    }
    return performance.now() - committed;
  };
  const [session, ...mirrors] = await Promise.all([
    until('the session is still open', isSessionOver),
    ...channels.map((channel) => until(`${channel} knows nothing of the suspension`, () => isMirrored(channel))),
  ]);
  const delays = Object.fromEntries(channels.map((channel, place) => [channel, mirrors[place] ?? 0]));
  return { channels: delays, session, suspensionDelayMs: Math.max(session, ...mirrors) };
}

/** When the registry first answers that somebody is suspended; at the latest when the transaction's sender knows. */
async function whenSuspended(portal: Portal, subject: string, recorded: Promise<unknown>): Promise<number> {
  let over = false;
  const ended = () => {
    over = true;
  };
  void recorded.then(ended, ended);
  while (!over && (await readPractitioner(portal.ledger, subject)).status !== 'suspended') await delay(everyMs);
  return performance.now();
}

/** The suspension of a practitioner (`prac-…`) by a regulator, of whom a session is running; the connector mirrors it. */
export function suspensionOf(
  portal: Portal,
  regulator: Signer,
  { subject, sessionId }: { subject: string; sessionId: string },
): Suspension {
  const isMirrored = async (channel: string) => {
    try {
      const call = { channel, contract: 'care', function: 'standings:read', args: [subject] };
      const answer = Buffer.from(await portal.ledger.evaluate(call)).toString('utf8');
      return mirroredStanding.parse(JSON.parse(answer)).status === 'suspended';
    } catch (error) {
      if (error instanceof AppError && error.code === 'NOT_FOUND') return false;
      throw error;
    }
  };
  return {
    suspend: async () => {
      const recorded = transact(portal, regulator, { kind: 'setPractitionerStatus', subject, status: 'suspended' });
      // The regulator's own answer comes later: it waits for the lists.
      const [committed] = await Promise.all([whenSuspended(portal, subject, recorded), recorded]);
      return committed;
    },
    channels: portal.ledger.careChannels(),
    isMirrored,
    isSessionOver: async () => (await findActor(sessionId, portal)) === null,
  };
}
