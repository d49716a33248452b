import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import messages from '@hyperledger/fabric-protos/lib/gateway/gateway_pb.js';
import responses from '@hyperledger/fabric-protos/lib/peer/proposal_response_pb.js';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Device } from '#chaincode/model/registry.ts';
import { createKey, issueAuthority, issueLeaf } from '#network/organisations/certificates.ts';
import { startNode } from '#network/service.ts';
import { devices } from '#server/gateways/db/schema/circles.ts';
import { telemetryDevices } from '#server/gateways/db/schema/telemetry.ts';
import { TelemetryWorld } from '#server/testing/telemetryWorld.ts';
import { systemKeyOf } from '../systems/systemKey.ts';

/** The monitor's own process before a gateway's own process; of the ledger, a peer that knows one device. */

const dir = mkdtempSync(join(tmpdir(), 'medloom-monitor-main-'));
const monitor = `dev-${'m'.repeat(26)}`;
const mspId = 'HospitalMSP';
const seed = Buffer.alloc(32, 5);
let telemetry: TelemetryWorld;
let gateway: Awaited<ReturnType<typeof startNode>>;
let environment: Record<string, string>;
let registered: Device;
const ledger = new Server();

function file(name: string, content: string): string {
  writeFileSync(join(dir, name), content, { mode: 0o600 });
  return join(dir, name);
}
const start = (name: string, entry: string, env: Record<string, string>) =>
  startNode({
    ...{ name, args: [entry], logFile: join(dir, `${name}.log`), env, advice: '', ready: 'line' },
    ...{ signal: new AbortController().signal, say: () => undefined },
  });

/** A peer that answers every question with the device. */
async function serveLedger(certPem: string, keyPem: string): Promise<number> {
  const { EvaluateRequest, EvaluateResponse } = messages;
  const evaluate = {
    ...{ path: '/gateway.Gateway/Evaluate', requestStream: false, responseStream: false },
    requestSerialize: (said: InstanceType<typeof EvaluateRequest>) => Buffer.from(said.serializeBinary()),
    requestDeserialize: (bytes: Buffer) => EvaluateRequest.deserializeBinary(bytes),
    responseSerialize: (said: InstanceType<typeof EvaluateResponse>) => Buffer.from(said.serializeBinary()),
    responseDeserialize: (bytes: Buffer) => EvaluateResponse.deserializeBinary(bytes),
  };
  ledger.addService(
    { evaluate },
    {
      evaluate: (_: unknown, answer: (error: null, said: InstanceType<typeof EvaluateResponse>) => void) => {
        const said = new responses.Response();
        said.setStatus(200);
        said.setPayload(Buffer.from(JSON.stringify(registered)));
        const response = new EvaluateResponse();
        response.setResult(said);
        answer(null, response);
      },
    },
  );
  const pair = { cert_chain: Buffer.from(certPem), private_key: Buffer.from(keyPem) };
  return new Promise((resolve, reject) => {
    ledger.bindAsync('127.0.0.1:0', ServerCredentials.createSsl(null, [pair]), (error, port) =>
      error ? reject(error) : resolve(port),
    );
  });
}

beforeAll(async () => {
  telemetry = await TelemetryWorld.start();
  const caKey = await createKey();
  const authority = { keyPem: caKey, certPem: await issueAuthority('ca', mspId, caKey) };
  const ca = { certFile: file('ca.crt', authority.certPem), keyFile: file('ca.key', caKey) };
  const leafKey = await createKey();
  const tlsNames = { dns: ['localhost'], ip: ['127.0.0.1'] };
  const leaf = await issueLeaf(authority, { commonName: 'peer', unit: 'peer', organisation: mspId, tlsNames }, leafKey);
  const { public: key, readingKey } = await systemKeyOf(seed, monitor);
  registered = {
    ...{ id: monitor, institutionId: 'inst-north-hospital', mspId, model: 'Monitor', serialHash: 'ab'.repeat(32) },
    ...{ keys: { signingKeyHash: key.hash, readingKey }, purpose: 'monitor', status: 'active', version: 1 },
  };
  await telemetry.world.portal.db.insert(devices).values({
    ...{ id: monitor, institutionId: 'inst-north-hospital', mspId, model: 'Monitor', purpose: 'monitor' },
    ...{ status: 'active', signingKeyHash: key.hash, version: 1 },
  });
  const address = `127.0.0.1:${await serveLedger(leaf, leafKey)}`;
  const ledgerProfile = file(
    'ledger.json',
    JSON.stringify({ channels: [], organisations: { [mspId]: { gateway: { address, tlsCaFile: ca.certFile } } } }),
  );
  const registrar = { certFile: file('leaf.crt', leaf), keyFile: file('leaf.key', leafKey) };
  const own = { ca, registrar, systems: { seedFile: file('seed', seed.toString('hex')) } };
  const profile = { ledgerProfile, organisations: { [mspId]: own }, ethereum: { registrarKeyFile: 'none' } };
  const [known = ''] = telemetry.settings.TELEMETRY_CAS;
  gateway = await start('gateway', 'server/telemetry/gateway/main.ts', {
    ...telemetry.environment({ TELEMETRY_CAS: `${known},${ca.certFile}` }),
    LEDGER_PROFILE: file(
      'portal.json',
      JSON.stringify({ ledger: 'devnet', channels: [], withoutPeers: [], organisations: {} }),
    ),
  });
  const { httpsPort } = gateway.announcement as { httpsPort: number };
  environment = {
    ...{ CONNECTOR_PROFILE: file('connector.json', JSON.stringify(profile)), MONITOR_MSP: mspId },
    ...{ MONITOR_DEVICE: monitor, MONITOR_STATE: join(dir, 'state'), MONITOR_EVERY_MS: '500', LOG_LEVEL: 'warn' },
    ...{ TELEMETRY_GATEWAY_URL: `https://127.0.0.1:${httpsPort}`, TELEMETRY_GATEWAY_CA: known },
  };
}, 120_000);
afterAll(async () => {
  await gateway?.stop();
  ledger.forceShutdown();
  await telemetry?.stop();
  rmSync(dir, { recursive: true, force: true });
});

it('comes in with the certificate of its registered key, tells how it is, and ends when it is told to', async () => {
  const running = await start('monitor', 'connector/monitor/main.ts', environment);
  expect(running.announcement).toEqual({ ready: true, device: monitor });
  const { db } = telemetry.world.portal;
  await vi.waitFor(
    async () => {
      const [seen] = await db.select().from(telemetryDevices).where(eq(telemetryDevices.device, monitor));
      expect(seen).toMatchObject({ firmware: 'monitor 1', pending: 0 });
    },
    { timeout: 20_000, interval: 100 },
  );
  const before = performance.now();
  await running.stop();
  expect(performance.now() - before).toBeLessThan(8_000);
  // Nothing was wrong with what it asked or heard.
  expect(readFileSync(join(dir, 'monitor.log'), 'utf8')).not.toContain('"level"');
}, 60_000);

it('does not begin for an organisation that does not have it', async () => {
  registered = { ...registered, status: 'suspended' };
  await expect(start('suspended', 'connector/monitor/main.ts', environment)).rejects.toThrow();
  expect(readFileSync(join(dir, 'suspended.log'), 'utf8')).toContain('SUSPENDED');
}, 60_000);
