import { and, asc, eq, inArray, isNull, lte, sql } from 'drizzle-orm';
import { z } from 'zod';
import { alertLevel, mostAlerts, type NewAlert } from '#chaincode/model/alert.ts';
import { asAppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import { pause } from '#server/pause.ts';
import { readAlert } from '../../alerts/ledger.ts';
import { projectAlerts } from '../../alerts/readModel.ts';
import type { ConnectorGateway } from '../../gateways/connector/connector.ts';
import type { Database } from '../../gateways/db/database.ts';
import { alerts } from '../../gateways/db/schema/circles.ts';
import { telemetryFrames } from '../../gateways/db/schema/telemetry.ts';
import type { LedgerGateway } from '../../gateways/ledger/ledger.ts';

interface Parts {
  db: Database;
  ledger: Pick<LedgerGateway, 'evaluate' | 'careChannelOf'>;
  connector: Pick<ConnectorGateway, 'alert'>;
  mspId: string;
  gateway: string;
}

const headShape = z.object({ id: z.string(), level: alertLevel, escalateAfter: z.int() });
/** Alerts that were not raised at once, and those that nobody acknowledges, are looked for this often. */
const sweepEveryMs = 2_000;

/** Raises alerts as soon as their frames are on disk, and escalates those that nobody has acknowledged in time. */
export class Alerting {
  readonly #parts: Parts;
  #wake: () => void = () => {};

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** There are new alert frames. */
  wake(): void {
    this.#wake();
  }

  /** Works until `signal` aborts: at once where there is something new, and every two seconds; a channel that is slow or away keeps no other waiting. */
  async run(signal: AbortSignal): Promise<void> {
    const working = new Map<string, Promise<void>>();
    const work = async (channel: string) => {
      const isDone = await this.#tell(channel).then(
        () => true,
        (error) => waits(error, channel),
      );
      working.delete(channel);
      // There may be more than fitted, or something new.
      if (isDone) this.wake();
    };
    while (!signal.aborted) {
      const woken = new AbortController();
      this.#wake = () => woken.abort();
      const channels = await this.#channels().catch((error): string[] => {
        waits(error);
        return [];
      });
      for (const channel of channels) if (!working.has(channel)) working.set(channel, work(channel));
      await pause(sweepEveryMs, AbortSignal.any([signal, woken.signal]));
    }
    await Promise.all(working.values());
  }

  /** Raises and escalates what is due, as far as channels take it. Then throws what passes by itself. */
  async round(): Promise<{ raised: number; escalated: number }> {
    const done = await Promise.allSettled((await this.#channels()).map((channel) => this.#tell(channel)));
    const failed = done.find((one) => one.status === 'rejected');
    if (failed) throw failed.reason;
    const told = done.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    return {
      raised: told.reduce((sum, { raised }) => sum + raised, 0),
      escalated: told.reduce((sum, { escalated }) => sum + escalated, 0),
    };
  }

  /** Channels on which something is due. */
  async #channels(): Promise<string[]> {
    const { db } = this.#parts;
    const [frames, late] = await Promise.all([
      db.selectDistinct({ channel: telemetryFrames.channel }).from(telemetryFrames).where(isUnraised),
      db.selectDistinct({ channel: alerts.channel }).from(alerts).where(isDue),
    ]);
    return [...new Set([...frames, ...late].map(({ channel }) => channel))];
  }

  /** New ones first: nobody waits for them behind those that are escalated. */
  async #tell(channel: string): Promise<{ raised: number; escalated: number }> {
    const [unraised, due] = await Promise.all([this.#unraised(channel), this.#due(channel)]);
    const raised = await this.#raise(channel, unraised);
    return { raised, escalated: await this.#escalate(channel, due) };
  }

  async #raise(channel: string, frames: { seq: number; alert: NewAlert }[]): Promise<number> {
    const { db, connector, mspId, gateway: system } = this.#parts;
    if (frames.length === 0) return 0;
    const raise = frames.map(({ alert }) => alert);
    await connector.alert({ mspId, system, channel, raise, escalate: [] });
    const seqs = frames.map(({ seq }) => seq);
    await db.update(telemetryFrames).set({ raisedAt: sql`now()` }).where(inArray(telemetryFrames.seq, seqs));
    await this.#show(
      channel,
      raise.map(({ id }) => id),
    );
    return frames.length;
  }

  async #escalate(channel: string, escalate: string[]): Promise<number> {
    const { connector, mspId, gateway: system } = this.#parts;
    if (escalate.length === 0) return 0;
    const { escalated } = await connector.alert({ mspId, system, channel, raise: [], escalate });
    await this.#show(channel, escalate);
    return escalated.length;
  }

  /** Whoever watches is told now; whoever follows the channel tells the same again. */
  async #show(channel: string, ids: readonly string[]): Promise<void> {
    const { db, ledger } = this.#parts;
    const entries = await Promise.all(
      ids.map((id) =>
        readAlert(ledger, id).catch((error) => {
          // One that the ledger did not take, or that this peer does not have yet.
          log().info({ alert: id, detail: asAppError(error).detail }, 'an alert is not there');
          return undefined;
        }),
      ),
    );
    const known = entries.filter((entry) => entry !== undefined);
    await db.transaction((tx) => projectAlerts(tx, channel, known));
  }

  async #unraised(channel: string): Promise<{ seq: number; alert: NewAlert }[]> {
    const rows = await this.#parts.db
      .select()
      .from(telemetryFrames)
      .where(and(isUnraised, eq(telemetryFrames.channel, channel)))
      .orderBy(asc(telemetryFrames.seq))
      .limit(mostAlerts);
    return rows.map(({ seq, patient, device, to, hash, alert }) => ({
      seq,
      alert: { ...headShape.parse(alert), patient, device, at: to.toISOString(), frameHash: hash },
    }));
  }

  async #due(channel: string): Promise<string[]> {
    const rows = await this.#parts.db
      .select({ id: alerts.id })
      .from(alerts)
      .where(and(isDue, eq(alerts.channel, channel)))
      .orderBy(asc(alerts.dueAt))
      .limit(mostAlerts);
    return rows.map(({ id }) => id);
  }
}

const isUnraised = and(eq(telemetryFrames.kind, 'alert'), isNull(telemetryFrames.raisedAt));
const isDue = and(eq(alerts.state, 'raised'), lte(alerts.dueAt, sql`now()`));

function waits(error: unknown, channel?: string): false {
  const { code, detail } = asAppError(error);
  log().warn({ channel, code, detail }, 'alerts wait');
  return false;
}
