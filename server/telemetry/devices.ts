import { desc, eq, inArray } from 'drizzle-orm';
import type { DeviceView } from '../circles/schema.ts';
import type { Database } from '../gateways/db/database.ts';
import { devices } from '../gateways/db/schema/circles.ts';
import { telemetryDevices, telemetryRefusals } from '../gateways/db/schema/telemetry.ts';

/** Devices by their ids, as `registry` last told of them and the gateway has seen them. */
export async function devicesOf(db: Database, ids: readonly string[]): Promise<Map<string, DeviceView>> {
  const wanted = ids.filter((id) => id.startsWith('dev-'));
  if (wanted.length === 0) return new Map();
  const [known, refused] = await Promise.all([
    db
      .select({ registered: devices, seen: telemetryDevices })
      .from(devices)
      .leftJoin(telemetryDevices, eq(telemetryDevices.device, devices.id))
      .where(inArray(devices.id, wanted)),
    db
      .select()
      .from(telemetryRefusals)
      .where(inArray(telemetryRefusals.device, wanted))
      .orderBy(desc(telemetryRefusals.at)),
  ]);
  return new Map(
    known.map(({ registered, seen }): [string, DeviceView] => {
      const { id, model, purpose, status, institutionId } = registered;
      const { lastSeen, battery, firmware, pending, skewMs } = seen ?? {};
      return [
        id,
        {
          ...{ id, model, purpose, status, institutionId },
          ...(lastSeen && { lastSeen: lastSeen.toISOString() }),
          ...(typeof battery === 'number' && { battery }),
          ...(typeof firmware === 'string' && { firmware }),
          ...(typeof pending === 'number' && { pending }),
          ...(typeof skewMs === 'number' && { skewMs }),
          ...{ skewed: seen?.skewed ?? 0, frames: seen?.frames ?? 0, readings: seen?.readings ?? 0 },
          refusals: refused
            .filter(({ device }) => device === id)
            .map(({ code, count, at }) => ({ code, count, at: at.toISOString() })),
        },
      ];
    }),
  );
}

/** All devices of an institution, by id. */
export async function devicesOfInstitution(db: Database, institutionId: string): Promise<DeviceView[]> {
  const rows = await db.select({ id: devices.id }).from(devices).where(eq(devices.institutionId, institutionId));
  const found = await devicesOf(
    db,
    rows.map(({ id }) => id),
  );
  return [...found.values()].sort((a, b) => a.id.localeCompare(b.id));
}
