import 'reflect-metadata';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { X509CertificateGenerator } from '@peculiar/x509';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LedgerGateway, openLedger } from './ledger.ts';

const dir = mkdtempSync(join(tmpdir(), 'medloom-ledger-'));
const file = (name: string) => join(dir, name);
const sockets: Socket[] = [];
let silent: Server;
let person: { mspId: string; certificatePem: string };
const open: LedgerGateway[] = [];

/** The ledgers behind one address. */
function ledgerAt(address: string, organisations = ['HospitalMSP']): LedgerGateway {
  const ledger = openLedger(() => ({
    ledger: 'devnet',
    withoutPeers: ['PatientMSP'],
    channels: [{ name: 'care-0', kind: 'care', contracts: ['care'], organisations }],
    organisations: {
      HospitalMSP: {
        gateway: { address, tlsCaFile: file('cert.pem') },
        service: { certFile: file('cert.pem'), keyFile: file('key.pem') },
      },
    },
  }));
  open.push(ledger);
  return ledger;
}

beforeAll(async () => {
  const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const signingAlgorithm = { name: 'ECDSA', hash: 'SHA-256' };
  const certificate = await X509CertificateGenerator.createSelfSigned({ name: 'CN=test', keys, signingAlgorithm });
  const certificatePem = certificate.toString('pem');
  const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  writeFileSync(file('cert.pem'), certificatePem);
  writeFileSync(file('key.pem'), `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----\n`);
  person = { mspId: 'HospitalMSP', certificatePem };
  // Takes connections and never says a word.
  silent = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  for (const ledger of open) ledger.close();
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => silent.close(resolve));
  rmSync(dir, { recursive: true, force: true });
});

const call = { channel: 'care-0', contract: 'care', function: 'read', args: ['x'] };
const signature = new Uint8Array(70);
const addressOf = ({ port }: AddressInfo) => `127.0.0.1:${port}`;
const silentAddress = () => {
  const address = silent.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return addressOf(address);
};

describe('a ledger that is down', () => {
  it('is named at every stage, and a submission whose outcome is not known as undecided', async () => {
    const ledger = ledgerAt('127.0.0.1:1');
    const down = { name: 'AppError', code: 'LEDGER_UNAVAILABLE', user: { next: expect.any(String) } };
    await expect(ledger.evaluate(call)).rejects.toMatchObject(down);
    const { proposal, status } = ledger.prepare(person, call);
    await expect(ledger.endorse(person, 'care-0', proposal, signature)).rejects.toMatchObject(down);
    await expect(ledger.evaluateSigned(person, 'care-0', proposal, signature)).rejects.toMatchObject(down);
    const undecided = { code: 'LEDGER_UNDECIDED', user: { kept: expect.any(String) } };
    await expect(ledger.commitStatus(person, 'care-0', status, signature)).rejects.toMatchObject(undecided);
    expect(await ledger.answers('care-0', 500)).toBe(false);
  });

  it('ends following its blocks with the same name', async () => {
    const blocks = ledgerAt('127.0.0.1:1').followBlocks('care-0', 0n, new AbortController().signal);
    await expect(blocks[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
  });
});

describe('a ledger that takes a call and never answers', () => {
  it('is given up at the deadline', async () => {
    const ledger = ledgerAt(silentAddress());
    const { status } = ledger.prepare(person, call);
    const started = performance.now();
    const waiting = ledger.commitStatus(person, 'care-0', status, signature, 300);
    await expect(waiting).rejects.toMatchObject({ code: 'LEDGER_UNDECIDED' });
    expect(await ledger.answers('care-0', 300)).toBe(false);
    expect(performance.now() - started).toBeLessThan(4_000);
  });
});

describe('a deployment that serves one organisation', () => {
  it('opens one connection to its gateway, and none for anybody else', async () => {
    const before = sockets.length;
    const ledger = ledgerAt(silentAddress(), ['HospitalMSP', 'PharmacyMSP', 'PatientMSP']);
    const refused = { code: 'NOT_SERVED', detail: expect.stringContaining('PharmacyMSP') };
    const pharmacist = { mspId: 'PharmacyMSP', certificatePem: person.certificatePem };
    await expect(ledger.evaluate({ ...call, mspId: 'PharmacyMSP' })).rejects.toMatchObject(refused);
    expect(() => ledger.prepare(pharmacist, call)).toThrow(expect.objectContaining(refused));
    const nothing = new Uint8Array();
    for (const act of [ledger.endorse, ledger.submit, ledger.evaluateSigned, ledger.commitStatus])
      await expect(act(pharmacist, 'care-0', nothing, signature)).rejects.toMatchObject(refused);
    expect(sockets.length).toBe(before);
    const { status } = ledger.prepare(person, call);
    const ask = (who: typeof person) => ledger.commitStatus(who, 'care-0', status, signature, 300);
    const patient = { ...person, mspId: 'PatientMSP' };
    await Promise.allSettled([ask(person), ask(patient), ledger.answers('care-0', 300), ask(person)]);
    expect(sockets.length).toBe(before + 1);
  });
});
