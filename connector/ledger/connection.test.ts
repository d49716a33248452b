import 'reflect-metadata';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { X509CertificateGenerator } from '@peculiar/x509';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openGateway } from './connection.ts';
import { type LedgerIdentity, readIdentity } from './identity.ts';

const dir = mkdtempSync(join(tmpdir(), 'medloom-connector-ledger-'));
const [certFile, keyFile] = [join(dir, 'cert.pem'), join(dir, 'key.pem')];
const sockets: Socket[] = [];
let hangingUp: Server;
let officer: LedgerIdentity;

beforeAll(async () => {
  const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const signingAlgorithm = { name: 'ECDSA', hash: 'SHA-256' };
  const certificate = await X509CertificateGenerator.createSelfSigned({ name: 'CN=test', keys, signingAlgorithm });
  const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  writeFileSync(certFile, certificate.toString('pem'));
  writeFileSync(keyFile, `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----\n`);
  officer = readIdentity('HospitalMSP', { certFile, keyFile });
  // Takes a connection, and ends it as soon as something is said.
  hangingUp = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined).once('data', () => socket.destroy());
  });
  await new Promise<void>((resolve) => hangingUp.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await new Promise((resolve) => hangingUp.close(resolve));
  rmSync(dir, { recursive: true, force: true });
});

it('is one for all officers of an organisation, and none before the first call', async () => {
  const address = hangingUp.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const gateway = openGateway({ address: `127.0.0.1:${address.port}`, tlsCaFile: certFile, serverName: 'localhost' });
  try {
    const officers = [officer, { ...officer, mspId: 'PatientMSP' }].map((identity) => gateway.as(identity));
    expect(sockets).toHaveLength(0);
    const call = { channel: 'registry', contract: 'registry', function: 'readInstitution', args: ['x'] };
    const answers = await Promise.allSettled(officers.map((one) => one.evaluate(call)));
    for (const answer of answers)
      expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'LEDGER_UNAVAILABLE' } });
    expect(sockets).toHaveLength(1);
  } finally {
    gateway.close();
  }
});

it('ends nothing else where its events are given up before anybody has read one', async () => {
  const address = hangingUp.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const gateway = openGateway({ address: `127.0.0.1:${address.port}`, tlsCaFile: certFile, serverName: 'localhost' });
  // What grpc-js emits without a listener would end the process.
  const unhandled: unknown[] = [];
  const note = (error: unknown) => unhandled.push(error);
  process.on('uncaughtException', note);
  try {
    const abort = new AbortController();
    await gateway.as(officer).events('registry', 'registry', abort.signal);
    abort.abort();
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    expect(unhandled).toEqual([]);
  } finally {
    process.off('uncaughtException', note);
    gateway.close();
  }
});
