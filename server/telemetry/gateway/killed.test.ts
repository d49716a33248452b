import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Batch } from '#chaincode/model/telemetry.ts';
import type { SealedFrame } from '#crypto/telemetry/seal.ts';
import { startIpfs } from '#network/ipfs/ipfs.ts';
import { startNode } from '#network/service.ts';
import { telemetryFrames } from '../../gateways/db/schema/telemetry.ts';
import { streamHex, TelemetryWorld, type TestDevice } from '../../testing/telemetryWorld.ts';

/**
 * The gateway's own process, killed (SIGKILL) wherever something of a frame's way was done and something was not. What was
 * acknowledged has to be in an anchored batch once.
 */

const dir = mkdtempSync(join(tmpdir(), 'medloom-killed-'));
let telemetry: TelemetryWorld;
let ipfs: Awaited<ReturnType<typeof startIpfs>>;
let connector: Server;
let storage: Server;
let running: Awaited<ReturnType<typeof startNode>> | undefined;
/** Where the process is killed next. */
let killAt: Place | undefined;

const places = ['row', 'beforeStored', 'stored', 'beforeAnchored', 'anchored', 'answered'] as const;
type Place = (typeof places)[number];

/** Kills the gateway where that is wanted here; true where it did. */
async function killHere(place: Place): Promise<boolean> {
  if (killAt !== place || running === undefined) return false;
  killAt = undefined;
  const { pid, end } = running;
  running = undefined;
  process.kill(pid, 'SIGKILL');
  await end;
  return true;
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

let urls: { connector: string; storage: string };

beforeAll(async () => {
  telemetry = await TelemetryWorld.start();
  ipfs = await startIpfs({ repo: join(dir, 'ipfs'), port: 0 });
  connector = createServer(async (incoming, response) => {
    const parts: Buffer[] = [];
    for await (const part of incoming) parts.push(part);
    if (incoming.url !== '/anchors') return response.writeHead(404).end('{}');
    if (await killHere('beforeAnchored')) return response.destroy();
    const { batches }: { batches: Batch[] } = JSON.parse(Buffer.concat(parts).toString());
    const answer = JSON.stringify(telemetry.contract.anchor({ batches }));
    if (await killHere('anchored')) return response.destroy();
    response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
    await killHere('answered');
  });
  storage = createServer(async (incoming, response) => {
    const isPut = incoming.url?.startsWith('/api/v0/block/put') === true;
    if (isPut && (await killHere('beforeStored'))) return response.destroy();
    const { method, headers, url } = incoming;
    const passed = request(new URL(url ?? '/', ipfs.apiUrl), { method, headers }, async (answer) => {
      if (isPut && (await killHere('stored'))) return response.destroy();
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    passed.on('error', () => response.destroy());
    incoming.on('error', () => passed.destroy());
    incoming.pipe(passed);
  });
  urls = { connector: await listen(connector), storage: await listen(storage) };
  const channel = { name: 'care-0', kind: 'care', contracts: ['care'], organisations: ['HospitalMSP'] };
  const profile = { ledger: 'devnet', channels: [channel], withoutPeers: [], organisations: {} };
  writeFileSync(join(dir, 'profile.json'), JSON.stringify(profile));
});
afterAll(async () => {
  await running?.stop();
  connector?.closeAllConnections();
  connector?.close();
  storage?.closeAllConnections();
  storage?.close();
  await ipfs?.stop();
  await telemetry?.stop();
  rmSync(dir, { recursive: true, force: true });
});

async function start(): Promise<{ mqttPort: number; healthPort: number }> {
  running = await startNode({
    ...{ name: 'The gateway', args: ['server/telemetry/gateway/main.ts'], logFile: join(dir, 'gateway.log') },
    env: telemetry.environment({
      ...{ LEDGER_PROFILE: join(dir, 'profile.json'), IPFS_API_URL: urls.storage, CONNECTOR_URL: urls.connector },
      TELEMETRY_BATCH_MS: '250',
    }),
    ...{ advice: '', ready: 'line', signal: new AbortController().signal, say: () => undefined },
  });
  return running.announcement as { mqttPort: number; healthPort: number };
}

/** Sends frames until the connection is lost; answers how many were acknowledged. */
async function sendUntilLost(device: TestDevice, port: number, frames: readonly SealedFrame[]): Promise<number> {
  // What an earlier process has left behind may have it killed before anybody has come.
  const connection = await telemetry.connect(device, { port }).catch(() => undefined);
  if (connection === undefined) return 0;
  let acknowledged = 0;
  try {
    for (const frame of frames) {
      await connection.send(frame);
      acknowledged += 1;
    }
    // All is acknowledged; what is to happen happens behind it.
    await connection.ended;
  } catch {
    expect(connection.refused).toEqual([]);
  }
  return acknowledged;
}

/** Kills it as soon as there are more rows than before, with or without the acknowledgement. */
async function killAfterRow(before: number): Promise<void> {
  while (killAt === 'row') {
    if ((await telemetry.world.portal.db.$count(telemetryFrames)) > before) await killHere('row');
  }
}

it('loses nothing that it has acknowledged, and brings nothing twice, wherever it is killed', async () => {
  const device = await telemetry.device();
  const sealed: SealedFrame[] = [];
  let acknowledged = 0;
  for (const place of places) {
    for (let count = 0; count < 4; count += 1) sealed.push(await device.seal());
    const { mqttPort } = await start();
    const before = await telemetry.world.portal.db.$count(telemetryFrames);
    killAt = place;
    const killing = place === 'row' ? killAfterRow(before) : Promise.resolve();
    // What was not acknowledged, and the last that was: its acknowledgement may have been lost.
    const from = Math.max(0, acknowledged - 1);
    acknowledged = Math.max(acknowledged, from + (await sendUntilLost(device, mqttPort, sealed.slice(from))));
    await killing;
    expect(running, place).toBeUndefined();
  }
  const { mqttPort, healthPort } = await start();
  const connection = await telemetry.connect(device, { port: mqttPort });
  await connection.send(...sealed.slice(Math.max(0, acknowledged - 1)));
  expect(connection.refused).toEqual([]);
  await vi.waitFor(
    async () => {
      const health = await (await fetch(`http://127.0.0.1:${healthPort}/health`)).json();
      expect(health).toMatchObject({ backlog: 0, lastRound: { anchored: expect.any(Number) } });
      expect(telemetry.contract.counts(device.id).size).toBe(sealed.length);
    },
    { timeout: 20_000, interval: 100 },
  );
  const counts = telemetry.contract.counts(device.id);
  expect([...counts.keys()].sort()).toEqual(sealed.map((_, index) => `${streamHex(device)}/${index + 1}`).sort());
  expect([...counts.values()].every((count) => count === 1)).toBe(true);
}, 180_000);
