import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Portal } from '#server/portal.ts';
import type { Database } from '../gateways/db/database.ts';
import { Listening } from '../gateways/db/listen.ts';

/** PostgreSQL channel on which is told what changed of circles, devices, alerts and frames; ids alone. */
const telemetryChannel = 'medloom_telemetry';

export const telemetryChange = z.discriminatedUnion('about', [
  /** New frames: patient, kind of frame, how many. */
  z.object({ about: z.literal('frames'), of: z.array(z.tuple([z.string(), z.string(), z.number()])) }),
  /** Circle, seats or plan of a patient. */
  z.object({ about: z.literal('circle'), patient: z.string() }),
  z.object({ about: z.literal('alert'), patient: z.string(), id: z.string() }),
  z.object({ about: z.literal('device'), id: z.string() }),
]);
export type TelemetryChange = z.infer<typeof telemetryChange>;

/** Tells every process that listens, once the transaction is committed. */
export async function tellChange(db: Database, change: TelemetryChange): Promise<void> {
  await db.execute(sql`select pg_notify(${telemetryChannel}, ${JSON.stringify(change)})`);
}

/** So many patients' frames fit into one notification of 8000 bytes. */
export const mostToldAtOnce = 100;

export const listenToTelemetry = (databaseUrl: string): Listening<TelemetryChange> =>
  new Listening(databaseUrl, telemetryChannel, telemetryChange);

declare global {
  var medloomTelemetryChanges: Listening<TelemetryChange> | undefined;
}

/** The listener of a portal's process, shared by every copy of this module that Next makes. */
export function telemetryChangesOf(portal: Portal): Listening<TelemetryChange> {
  globalThis.medloomTelemetryChanges ??= listenToTelemetry(portal.settings.databaseUrl);
  return globalThis.medloomTelemetryChanges;
}
