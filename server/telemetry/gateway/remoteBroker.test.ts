import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:tls';
import { Aedes } from 'aedes';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { telemetryFrames } from '../../gateways/db/schema/telemetry.ts';
import { keepCertificate } from '../../people/certificates.ts';
import { TelemetryWorld, type TestDevice, testPatient } from '../../testing/telemetryWorld.ts';
import { circlesTopic, framesTopic } from './protocol.ts';

let telemetry: TelemetryWorld;
let broker: Aedes;
let server: Server;
let port: number;

beforeAll(async () => {
  telemetry = await TelemetryWorld.start();
  broker = await Aedes.createBroker();
  const { TELEMETRY_TLS_CERT, TELEMETRY_TLS_KEY, TELEMETRY_CAS } = telemetry.settings;
  const tls = { cert: readFileSync(TELEMETRY_TLS_CERT), key: readFileSync(TELEMETRY_TLS_KEY) };
  server = createServer(tls, (socket) => broker.handle(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
  await telemetry.open({ MQTT_URL: `mqtts://127.0.0.1:${port}`, MQTT_CA: TELEMETRY_CAS[0] });
});
afterAll(async () => {
  await telemetry?.stop();
  await new Promise<void>((resolve) => broker.close(() => resolve()));
  server?.close();
});

const framesOf = (device: TestDevice) =>
  telemetry.world.portal.db.select().from(telemetryFrames).where(eq(telemetryFrames.device, device.id));

it('takes frames from another broker by their signatures, and tells devices through it', async () => {
  expect(telemetry.gateway.mqttPort).toBeUndefined();
  const [device, other] = [await telemetry.device(), await telemetry.device()];
  for (const { id, certPem } of [device, other])
    await keepCertificate(telemetry.world.portal.db, { subjectId: id, pem: certPem });
  const connection = await telemetry.connect(device, { port });
  await connection.client.subscribeAsync(circlesTopic(device.id), { qos: 1 });
  await connection.send(await device.seal(), await device.seal());
  await vi.waitFor(async () => expect(await framesOf(device)).toHaveLength(2));
  // This broker lets anybody publish anywhere; what another device has signed is not taken all the same.
  await connection.publish(new Uint8Array([1, 2]), framesTopic(other.id));
  await connection.send(await other.seal());
  await vi.waitFor(() => expect(connection.refused.map(({ code }) => code)).toEqual(['WRONG_DEVICE']));
  expect(await framesOf(other)).toEqual([]);
  expect(telemetry.gateway.health().refused).toEqual({ MALFORMED: 1, WRONG_DEVICE: 1 });
  // Told by the change of the circle that the device's seat was.
  await vi.waitFor(() => {
    const note = connection.told.find(({ topic }) => topic === circlesTopic(device.id));
    expect(note?.text).toContain(testPatient);
  });
  await telemetry.gateway.flush();
  expect([...telemetry.contract.counts(device.id).values()]).toEqual([1, 1]);
});
