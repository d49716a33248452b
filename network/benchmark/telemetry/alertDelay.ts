import { setTimeout as delay } from 'node:timers/promises';
import { copyBytes } from '#crypto/bytes.ts';
import { decodeFrame } from '#crypto/telemetry/frame.ts';
import { openFrame } from '#crypto/telemetry/seal.ts';
import { alertContent } from '#monitoring/alert.ts';
import type { Portal } from '#server/portal.ts';
import { telemetryChangesOf } from '#server/telemetry/changes.ts';
import { readFrames } from '#server/telemetry/service.ts';
import type { CircleBrowser } from '../../devices/circleBrowser.ts';
import { percentile, round } from '../statistics.ts';
import type { RealDevice } from './realDevice.ts';

export interface AlertFigures {
  alertDelayP50Ms: number;
  alertDelayP95Ms: number;
}

/**
 * From the moment at which a device records a critical value until a reader who may has opened its alert: the real client with its
 * disk, MQTT, the gateway's, PostgreSQL's and the portal's own part (the notification that its streams send, and the service that
 * answers frames), in this process and without a browser.
 */
export async function measureAlerts(
  portal: Portal,
  { device, patient, doctor }: RealDevice,
  rounds: number,
): Promise<AlertFigures> {
  const reader = new AlertReader(portal, patient, doctor);
  const times: number[] = [];
  try {
    for (let turn = 0; turn < rounds + 3; turn += 1) {
      // Back inside, so that the next is another alert.
      await device.record([{ at: Date.now(), measure: 'heartRate', values: [70], flags: 0 }]);
      await delay(300 + 400 * Math.random());
      const started = performance.now();
      const at = Date.now();
      await device.record([{ at, measure: 'heartRate', values: [190], flags: 0 }]);
      const opened = await reader.next(at);
      if (turn >= 3) times.push(opened - started);
    }
  } finally {
    reader.stop();
  }
  return { alertDelayP50Ms: round(percentile(times, 0.5)), alertDelayP95Ms: round(percentile(times, 0.95)) };
}

const patienceMs = 30_000;

class AlertReader {
  private readonly portal: Portal;
  private readonly patient: string;
  private readonly doctor: CircleBrowser;
  private readonly unsubscribe: () => void;
  private after = 0;
  private waiting: { at: number; done: (at: number) => void } | undefined;
  private reading = Promise.resolve();

  constructor(portal: Portal, patient: string, doctor: CircleBrowser) {
    this.portal = portal;
    this.patient = patient;
    this.doctor = doctor;
    this.unsubscribe = telemetryChangesOf(portal).subscribe({
      told: (change) => {
        if (change.about !== 'frames' || !change.of.some(([of, kind]) => of === patient && kind === 'alert')) return;
        this.reading = this.reading.then(() => this.read());
      },
    });
  }

  stop(): void {
    this.unsubscribe();
  }

  /** `performance.now()` of when an alert of a value of that moment, or later, was opened. */
  next(at: number): Promise<number> {
    return new Promise((done, reject) => {
      const timer = setTimeout(() => reject(new Error('An alert did not come.')), patienceMs);
      this.waiting = {
        at,
        done: (opened) => {
          clearTimeout(timer);
          done(opened);
        },
      };
    });
  }

  private async read(): Promise<void> {
    const query = { patient: this.patient, kind: ['alert' as const], after: this.after, limit: 100 };
    for (const { seq, bytes } of await readFrames(this.doctor.actor, query, this.portal)) {
      this.after = Math.max(this.after, seq);
      const frame = decodeFrame(copyBytes(bytes));
      const { items } = await openFrame(this.doctor.keyOf(this.patient, frame.g, frame.e), frame);
      const { at } = alertContent.parse(items[0]);
      if (this.waiting && at >= this.waiting.at) {
        this.waiting.done(performance.now());
        this.waiting = undefined;
      }
    }
  }
}
