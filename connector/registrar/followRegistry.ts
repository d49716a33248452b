import { z } from 'zod';
import { registryEvent } from '#chaincode/model/registry.ts';
import type { LedgerConnection, LedgerEvent } from '../ledger/connection.ts';
import type { ConnectorLog } from '../log.ts';

/** What a licence's end or an event that was missed leaves behind is found within this time. */
const everyMs = 10 * 60_000;
const longestPauseMs = 60_000;

const registryChange = z.object({ kind: z.string(), id: z.string(), change: z.string(), at: z.iso.datetime() });
/** What an event of the registry says that followers ask about. */
export type RegistryChange = z.infer<typeof registryChange>;

/** Something that is kept in line with the registry. */
export interface RegistryDuty {
  /** For the log. */
  name: string;
  /** Brings all in line. */
  settleAll(): Promise<void>;
  /** Brings in line what a change concerns. */
  settleChange(change: RegistryChange): Promise<void>;
}

/** What follows the registry for one organisation. */
export interface RegistryFollower {
  mspId: string;
  /** Connection of the organisation's registrar. */
  ledger: LedgerConnection;
  duty: RegistryDuty;
  log: Pick<ConnectorLog, 'warn'>;
  pause(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/**
 * Fulfils a duty until `signal` aborts: all at the start and every ten minutes, and each change at once. Nothing is
 * remembered, so that a restart loses nothing; what fails is begun anew, with growing pauses.
 */
export async function followRegistry(follower: RegistryFollower, signal: AbortSignal): Promise<void> {
  const { mspId, ledger, duty, log, pause } = follower;
  for (let failures = 0; !signal.aborted; ) {
    const round = new AbortController();
    try {
      // Listening begins before all are looked at, so that a change in between is not lost.
      const listening = AbortSignal.any([signal, round.signal, AbortSignal.timeout(everyMs)]);
      const events = await ledger.events('registry', 'registry', listening);
      const all = duty.settleAll().then(() => {
        failures = 0;
      });
      // A change does not wait until all are looked at.
      await Promise.all([all, settleChanges(duty, events)]);
    } catch (error) {
      failures += 1;
      log.warn({ err: error, mspId, duty: duty.name }, 'the registry is not followed');
    } finally {
      round.abort();
    }
    await pause(Math.min(longestPauseMs, 1_000 * 2 ** failures), signal);
  }
}

async function settleChanges(duty: RegistryDuty, events: AsyncIterable<LedgerEvent>): Promise<void> {
  for await (const { name, payload } of events) {
    if (name !== registryEvent) continue;
    await duty.settleChange(registryChange.parse(JSON.parse(Buffer.from(payload).toString('utf8'))));
  }
}
