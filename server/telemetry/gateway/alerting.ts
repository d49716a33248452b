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

  /** Works until `signal` aborts: at once where there is something new, and every two seconds. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const woken = new AbortController();
      this.#wake = () => woken.abort();
      try {
        await this.round();
      } catch (error) {
        const { code, detail } = asAppError(error);
        log().warn({ code, detail }, 'alerts wait');
      }
      await pause(sweepEveryMs, AbortSignal.any([signal, woken.signal]));
    }
  }

  /** Raises and escalates what is due. Throws what passes by itself. */
  async round(): Promise<{ raised: number; escalated: number }> {
    const [unraised, due] = await Promise.all([this.#unraised(), this.#due()]);
    const channels = [...new Set([...unraised, ...due].map(({ channel }) => channel))];
    const escalated = await Promise.all(
      channels.map((channel) =>
        this.#tell(
          channel,
          unraised.filter((one) => one.channel === channel),
          due.filter((one) => one.channel === channel).map(({ id }) => id),
        ),
      ),
    );
    return { raised: unraised.length, escalated: escalated.reduce((sum, count) => sum + count, 0) };
  }

  async #tell(channel: string, frames: { seq: number; alert: NewAlert }[], escalate: string[]): Promise<number> {
    const { db, ledger, connector, mspId, gateway: system } = this.#parts;
    const raise = frames.map(({ alert }) => alert);
    const { escalated } = await connector.alert({ mspId, system, channel, raise, escalate });
    const seqs = frames.map(({ seq }) => seq);
    if (seqs.length > 0)
      await db.update(telemetryFrames).set({ raisedAt: sql`now()` }).where(inArray(telemetryFrames.seq, seqs));
    // Whoever watches is told now; whoever follows the channel tells the same again.
    const ids = [...raise.map(({ id }) => id), ...escalate];
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
    return escalated.length;
  }

  async #unraised(): Promise<{ seq: number; channel: string; alert: NewAlert }[]> {
    const rows = await this.#parts.db
      .select()
      .from(telemetryFrames)
      .where(and(eq(telemetryFrames.kind, 'alert'), isNull(telemetryFrames.raisedAt)))
      .orderBy(asc(telemetryFrames.seq))
      .limit(mostAlerts);
    return rows.map(({ seq, channel, patient, device, to, hash, alert }) => ({
      ...{ seq, channel },
      alert: { ...headShape.parse(alert), patient, device, at: to.toISOString(), frameHash: hash },
    }));
  }

  async #due(): Promise<{ id: string; channel: string }[]> {
    return this.#parts.db
      .select({ id: alerts.id, channel: alerts.channel })
      .from(alerts)
      .where(and(eq(alerts.state, 'raised'), lte(alerts.dueAt, sql`now()`)))
      .orderBy(asc(alerts.dueAt))
      .limit(mostAlerts);
  }
}
