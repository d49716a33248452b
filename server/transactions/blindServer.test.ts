import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { fromBase64Url, fromUtf8, toBase64Url } from '#crypto/bytes.ts';
import { createCertificateRequest } from '#crypto/certificateRequest.ts';
import { deriveKey } from '#crypto/derive.ts';
import { cidOf, openDocument } from '#crypto/envelope.ts';
import { checkProposal } from '#crypto/fabric/proposal.ts';
import { checkTransaction } from '#crypto/fabric/transaction.ts';
import { newIdentifier, newPrescriptionId } from '#crypto/identifier.ts';
import { documentContext, openAuthorWrap, openPatientWrap, openResumePacket } from '#crypto/prescription.ts';
import { generateSigningKey, importSigningKey, signMessage } from '#crypto/signingKey.ts';
import { addressOf } from '#crypto/token.ts';
import { openLock, parseVaultRecord } from '#crypto/vault.ts';
import { proveWallet } from '#crypto/walletProof.ts';
import { createReadingKey, unwrapUnderCode } from '#crypto/wrap.ts';
import { type Network, startNetwork } from '#network/network.ts';
import { readEnv } from '#server/env.ts';
import { log } from '#server/log.ts';
import { openPortal } from '#server/portal.ts';
import { workSagas } from '#server/sagas/worker.ts';
import { doctorAccount, handOver, note, type Played, playJourney } from '#server/testing/journey.ts';
import { RecordedServer } from '#server/testing/recording.ts';
import { readDatabases, readFiles, readTables, type Stored } from '#server/testing/stored.ts';
import { ledgerCall } from './schema.ts';
import { prepareTransaction } from './service.ts';

/** The log as it is, at its most talkative, into memory instead of standard output. */
const logged = vi.hoisted(() => {
  process.env.LOG_LEVEL = 'trace';
  return { text: '' };
});
vi.mock('pino', async (original) => {
  const { default: pino } = await original<typeof import('pino')>();
  const write = (chunk: Buffer, _: string, done: () => void) => {
    logged.text += chunk.toString();
    done();
  };
  return { default: (options: object) => pino(options, new Writable({ write })) };
});

/** Sent on purpose, so that it is seen that what is sent would be found. */
const canary = 'canary-3f9c1be2-told-to-the-server';
const canaryDocument = 'canary-77ad40e1-stored-without-encryption';

vi.setConfig({ testTimeout: 30_000 });

const stateDir = mkdtempSync(join(tmpdir(), 'medloom-blind-'));
let network: Network;
let server: RecordedServer;
let played: Played;
let running = false;

beforeAll(async () => {
  network = await startNetwork({ stateDir, port: 0, portal: false, demonstration: false, env: {} });
  running = true;
  server = new RecordedServer(openPortal(readEnv(network.run.portalEnv)));
  played = await playJourney(server, network.run);
}, 180_000);

async function stop(): Promise<void> {
  if (!running) return;
  running = false;
  await server.portal.close();
  await network.stop();
}

afterAll(async () => {
  await stop();
  rmSync(stateDir, { recursive: true, force: true });
}, 60_000);

/** The code of what a call was refused with. */
async function refusal(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'done',
    (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : String(error)),
  );
}

const prescription = async (id: string) => {
  const channel = server.portal.ledger.careChannelOf(id);
  const call = { channel, contract: 'care', function: 'read', args: [id] };
  return JSON.parse(fromUtf8(await server.portal.ledger.evaluate(call)));
};

describe('what reaches the server', () => {
  it('holds none of the secrets of the browsers, in any encoding', () => {
    const services = new Set(server.received.map(({ service }) => service));
    const people = ['enrolPerson', 'signInWithPassword', 'saveVault', 'startRecovery', 'finishRecovery'];
    for (const name of [...people, 'prepareTransaction', 'endorseTransaction']) expect(services).toContain(name);
    for (const { service, text } of [...server.received, ...server.answered]) {
      expect({ service, found: played.secrets.find(text) }).toEqual({ service, found: [] });
    }
    expect(played.secrets.names.length).toBeGreaterThan(45);
  });

  it('does hold what passes through it, which shows that the search finds what is sent', () => {
    const found = new Set(server.received.flatMap(({ text }) => played.passing.find(text)));
    const names = ['redeeming key', 'dispensed patientWrap', 'dispensed releaseShare', 'renewed codeWrap'];
    for (const name of names) expect(found).toContain(name);
    const proofs = new Set(server.received.flatMap(({ text }) => played.sent.find(text)));
    expect([...proofs].sort()).toEqual(played.sent.names.toSorted());
  });
});

describe('with everything that it received', () => {
  it('no value opens a prescription as its data key', async () => {
    const { held, doctor } = played;
    const envelope = fromBase64Url(held.envelope);
    const commitment = Buffer.from(envelope.subarray(1, 33));
    const opens = (key: Uint8Array) => commitment.equals(deriveKey(key, 'medloom/envelope/commitment/v1'));
    expect(opens(held.dataKey)).toBe(true);
    const values = server.values().filter((bytes) => bytes.length >= 32);
    const keys = new Map<string, Buffer>();
    for (const bytes of values) {
      // Keys within something longer: each place in what is short, the ends of what is long.
      const last = bytes.length - 32;
      const places = bytes.length <= 160 ? Array.from({ length: last + 1 }, (_, at) => at) : [0, last];
      for (const at of places) {
        const key = bytes.subarray(at, at + 32);
        keys.set(key.toString('base64'), key);
      }
    }
    expect(keys.size).toBeGreaterThan(500);
    expect([...keys.values()].filter(opens)).toEqual([]);
    const context = documentContext(held.issue.id, doctor.actor.subjectId);
    const share = fromBase64Url(played.release.releaseShare);
    await expect(openDocument(share, context, envelope)).rejects.toMatchObject({ code: 'WRONG_KEY' });
  });

  it('no value opens it as the access code, although the release share is known', async () => {
    const { held, release } = played;
    const { id } = held.issue;
    expect(await unwrapUnderCode(id, held.renewedCode, release)).toEqual(held.dataKey);
    const codes = new Map<string, Uint8Array>();
    for (const bytes of server.values()) {
      if (bytes.length > 64 || bytes.length < 16) continue;
      for (let at = 0; at + 16 <= bytes.length; at += 16) {
        const code = new Uint8Array(bytes.subarray(at, at + 16));
        codes.set(bytes.subarray(at, at + 16).toString('hex'), code);
      }
    }
    expect(codes.size).toBeGreaterThan(50);
    for (const code of codes.values()) {
      await expect(unwrapUnderCode(id, code, release)).rejects.toMatchObject({ name: 'CryptoError' });
    }
    await expect(unwrapUnderCode(id, held.code, release)).rejects.toMatchObject({ name: 'CryptoError' });
  });

  it('no value opens a wrap or a vault', async () => {
    const { held, doctor, patient } = played;
    const { id } = held.issue;
    // As enrolled, as recovered with a new password, and as saved with the certificate in it.
    const locks = ['enrolPerson', 'finishRecovery', 'saveVault'].flatMap((service) => locksSentTo(service));
    expect(locks.length).toBe(2 * (3 + 1 + 3));
    const keys = server.values().filter((bytes) => bytes.length === 32);
    expect(keys.length).toBeGreaterThan(20);
    for (const key of keys) {
      for (const lock of locks) {
        await expect(openLock(lock, key)).rejects.toMatchObject({ code: 'VAULT_REFUSED' });
      }
      const author = openAuthorWrap(key, id, doctor.actor.subjectId, held.secrets.authorWrap);
      await expect(author).rejects.toMatchObject({ code: 'WRAP_REFUSED' });
      const reader = openPatientWrap(key, id, patient.actor.subjectId, held.secrets.patientWrap);
      await expect(reader).rejects.toMatchObject({ code: 'WRAP_REFUSED' });
      const packet = openResumePacket(key, held.issue, doctor.actor.subjectId, held.resumePacket);
      await expect(packet).rejects.toMatchObject({ code: 'WRAP_REFUSED' });
    }
  }, 60_000);

  const locksSentTo = (service: string) =>
    server.received
      .filter((call) => call.service === service)
      .flatMap(({ text }) => parseVaultRecord(String(JSON.parse(text).input.record)).locks);
});

describe('the server cannot act for a person', () => {
  const badSignature = { code: 'NOT_AUTHORISED', detail: expect.stringContaining('error validating proposal') };
  const signWithOwnKey = async (message: Uint8Array) => {
    const { privateKey } = await importSigningKey(await generateSigningKey());
    return signMessage(privateKey, message);
  };

  it('with another key under the person’s certificate', async () => {
    const { doctor, held } = played;
    const { ledger } = server.portal;
    const call = ledgerCall({ kind: 'cancel', id: held.issue.id, reason: 'forged by the server' });
    const { proposal } = ledger.prepare(doctor.identity, call);
    const { message } = checkProposal(proposal, call, doctor.identity);
    const forged = await signWithOwnKey(message);
    await expect(ledger.endorse(doctor.identity, call.channel, proposal, forged)).rejects.toMatchObject(badSignature);
    // The same proposal with the person's own signature gets as far as the contract: only the signature was wrong.
    const own = fromBase64Url(await doctor.sign(message));
    expect(await refusal(ledger.endorse(doctor.identity, call.channel, proposal, own))).toBe('HELD_BY_ANOTHER');
  });

  it('with a signature that the person gave for something else', async () => {
    const { doctor, held } = played;
    const { ledger } = server.portal;
    const call = ledgerCall({ kind: 'cancel', id: held.issue.id, reason: 'forged by the server' });
    const { proposal } = ledger.prepare(doctor.identity, call);
    const signatures = server.received.flatMap(({ text }) => {
      return [...text.matchAll(/"(?:proposal|transaction|status)Signature":"([\w-]+)"/g)].map(
        ([, value = '']) => value,
      );
    });
    expect(signatures.length).toBeGreaterThan(10);
    for (const signature of signatures) {
      const endorsed = ledger.endorse(doctor.identity, call.channel, proposal, fromBase64Url(signature));
      await expect(endorsed).rejects.toMatchObject(badSignature);
    }
  });

  it('by sending again what the person signed before', async () => {
    const { held, pharmacist } = played;
    const { ledger } = server.portal;
    const channel = ledger.careChannelOf(held.issue.id);
    const before = await prescription(held.issue.id);
    const texts = server.received.filter(({ service }) => service === 'submitTransaction').map(({ text }) => text);
    for (const text of texts) {
      const { who, input } = JSON.parse(text);
      if (who.personId !== pharmacist.actor.personId) continue;
      const bytes = fromBase64Url(String(input.transaction));
      await refusal(
        ledger.submit(pharmacist.identity, channel, bytes, fromBase64Url(String(input.transactionSignature))),
      );
    }
    // What was ordered twice must be in a block before the state is compared: a transaction of its own comes after it.
    await pharmacist.transact(
      await handOver(held.dataKey, held.issue.id, pharmacist, new TextEncoder().encode(note), 1),
    );
    const after = await prescription(held.issue.id);
    expect(after.version).toBe(before.version + 1);
    expect(after.left).toBe(before.left - 1);
  });

  it('as the organisation’s own service', async () => {
    const { ledger } = server.portal;
    const { dispensed } = played;
    const id = newPrescriptionId(dispensed.issue.patient);
    const channel = ledger.careChannelOf(id);
    const args = [JSON.stringify({ ...dispensed.issue, id })];
    const issue = ledger.evaluate({ channel, contract: 'care', function: 'issue', args });
    expect(await refusal(issue)).not.toBe('done');
    const share = ledger.evaluate({
      channel,
      contract: 'care',
      function: 'readRelease',
      args: [played.held.issue.id],
    });
    expect(['NOT_REGISTERED', 'NOT_AUTHORISED']).toContain(await refusal(share));
    const ids = JSON.stringify([played.held.issue.id]);
    const wraps = ledger.evaluate({ channel, contract: 'care', function: 'readWraps', args: [ids] });
    expect(await refusal(wraps)).not.toBe('done');
  });

  it('by enrolling a key of its own in the place of the person’s', async () => {
    const { doctor, patient } = played;
    const own = await importSigningKey(await generateSigningKey());
    const { publicKey: readingKey } = await createReadingKey();
    for (const { actor } of [doctor, patient]) {
      const { subjectId, mspId, role, institutionId } = actor;
      const walletKey = crypto.getRandomValues(new Uint8Array(32));
      const csrPem = await createCertificateRequest(own, subjectId);
      const enrolled = server.portal.connector.enrol({
        ...{ mspId, role, subjectId, readingKey, wallet: addressOf(walletKey) },
        ...(institutionId === null ? {} : { institutionId }),
        ...(role === 'doctor' && doctorAccount.licence ? { licence: doctorAccount.licence } : {}),
        ...(role === 'patient' ? { channel: server.portal.ledger.careChannelOf(subjectId) } : {}),
        csrPem,
        walletProof: proveWallet(walletKey, { subjectId, csrPem }),
      });
      expect(await refusal(enrolled)).toBe('KEY_EXISTS');
    }
  });

  it('by preparing something else than the page asked for', async () => {
    const { doctor, held, dispensed } = played;
    const { ledger } = server.portal;
    const asked = ledgerCall({ kind: 'cancel', id: held.issue.id, reason: 'a side effect' });
    const others = [
      ledgerCall({ kind: 'cancel', id: held.issue.id, reason: 'another reason' }),
      ledgerCall({ kind: 'cancel', id: dispensed.issue.id, reason: 'a side effect' }),
      { ...asked, channel: 'registry' },
      { ...asked, contract: 'registry' },
      { ...asked, function: 'close' },
      { ...asked, args: [...asked.args, 'more'] },
      { ...asked, transient: { hidden: new Uint8Array([1]) } },
    ];
    for (const other of others) {
      const { proposal } = ledger.prepare(doctor.identity, other);
      expect(() => checkProposal(proposal, asked, doctor.identity)).toThrow(
        expect.objectContaining({ code: 'PROPOSAL_MISMATCH' }),
      );
    }
    const { proposal } = ledger.prepare(doctor.identity, asked);
    expect(checkProposal(proposal, asked, doctor.identity).message.length).toBeGreaterThan(100);
    const changed = new Uint8Array(proposal);
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
    expect(() => checkProposal(changed, asked, doctor.identity)).toThrow();
  });

  it('by letting the person sign another transaction than the one that was endorsed', async () => {
    const { pharmacist, held } = played;
    const endorse = async (quantity: number) => {
      const intent = await handOver(held.dataKey, held.issue.id, pharmacist, new TextEncoder().encode(note), quantity);
      const { proposal } = await server.ask(prepareTransaction, pharmacist.actor, intent);
      const checked = checkProposal(fromBase64Url(proposal), ledgerCall(intent), pharmacist.identity);
      const { ledger } = server.portal;
      const signature = fromBase64Url(await pharmacist.sign(checked.message));
      const channel = ledger.careChannelOf(held.issue.id);
      return {
        checked,
        transaction: await ledger.endorse(pharmacist.identity, channel, fromBase64Url(proposal), signature),
      };
    };
    const [small, large] = [await endorse(1), await endorse(20)];
    expect(checkTransaction(small.transaction, small.checked).message.length).toBeGreaterThan(100);
    expect(() => checkTransaction(large.transaction, small.checked)).toThrow(
      expect.objectContaining({ code: 'TRANSACTION_MISMATCH' }),
    );
  });

  it('by altering the endorsers’ answer after the person’s page had checked it', async () => {
    const { pharmacist, held } = played;
    const { ledger } = server.portal;
    const before = await prescription(held.issue.id);
    const intent = await handOver(held.dataKey, held.issue.id, pharmacist, new TextEncoder().encode(note), 2);
    const prepared = await server.ask(prepareTransaction, pharmacist.actor, intent);
    const proposal = fromBase64Url(prepared.proposal);
    const checked = checkProposal(proposal, ledgerCall(intent), pharmacist.identity);
    const { channel } = checked;
    const proposalSignature = fromBase64Url(await pharmacist.sign(checked.message));
    const transaction = await ledger.endorse(pharmacist.identity, channel, proposal, proposalSignature);
    const { message } = checkTransaction(transaction, checked);
    const signature = fromBase64Url(await pharmacist.sign(message));
    const quantityLeft = Buffer.from(`"left":${before.left - 2}`);
    const at = Buffer.from(transaction).indexOf(quantityLeft);
    expect(at).toBeGreaterThan(0);
    const altered = new Uint8Array(transaction);
    altered[at + quantityLeft.length - 1] = (altered[at + quantityLeft.length - 1] ?? 0) ^ 1;
    const status = fromBase64Url(prepared.status);
    const statusSignature = fromBase64Url(await pharmacist.sign(status));
    const outcome = ledger
      .submit(pharmacist.identity, channel, altered, signature)
      .then(() => ledger.commitStatus(pharmacist.identity, channel, status, statusSignature, 5_000));
    expect(await outcome.then(({ valid }) => valid).catch(() => false)).toBe(false);
    expect(await prescription(held.issue.id)).toEqual(before);
  });
});

describe('what is stored', () => {
  it('is searched so that a secret which was sent would be found', async () => {
    const { pharmacist, held, secrets } = played;
    secrets.plant('canary', canary);
    secrets.plant('canary document', canaryDocument);
    // A page that forgot to encrypt, and one that sent a secret: the server cannot tell, the search can.
    const open = Buffer.from(canaryDocument);
    const contentHash = createHash('sha256').update(open).digest('hex');
    const dispense = {
      id: newIdentifier('disp'),
      quantity: 1,
      cid: cidOf(open),
      contentHash,
      withoutPacks: 'noSerial' as const,
    };
    await pharmacist.transact({ kind: 'dispense', id: held.issue.id, envelope: toBase64Url(open), dispense });
    log().info({ seen: canary }, 'a careless line');
    await pharmacist.transact({ kind: 'close', id: held.issue.id, reason: canary });
    const found = server.received.flatMap(({ text }) => secrets.find(text));
    expect(new Set(found)).toEqual(new Set(['canary', 'canary document']));
  });

  it('holds none of them: tables, ledgers, documents, chain, logs', async () => {
    const { secrets, personal, passing, sent } = played;
    await workSagas(server.portal);
    const tables = await readTables(network.run.urls.database);
    await stop();
    const files = readFiles(stateDir);
    const ledgers = await readDatabases(join(stateDir, 'ledger', 'devnet'));
    const log: Stored = { where: 'log', bytes: Buffer.from(logged.text) };
    const everything = [...tables, ...files, ...ledgers, log];

    const places = new Map<string, Set<string>>();
    for (const { where, bytes } of everything) {
      for (const name of secrets.find(bytes)) places.set(name, (places.get(name) ?? new Set()).add(kindOf(where)));
    }
    // The two that were sent on purpose are found wherever such a thing would come to lie; nothing else is found anywhere.
    expect([...places.keys()].sort()).toEqual(['canary', 'canary document']);
    for (const place of ['table', 'ledger', 'log']) expect(places.get('canary')).toContain(place);
    expect(places.get('canary document')).toContain('ipfs');

    // Names lie in the database only, and sealed there. What goes to the peers is kept by nobody else.
    for (const { where, bytes } of everything) {
      expect({ where, found: personal.find(bytes) }).toEqual({ where, found: [] });
    }
    for (const { where, bytes } of everything) {
      expect({ where, found: sent.find(bytes) }).toEqual({ where, found: [] });
    }
    const elsewhere = everything.filter(({ where }) => kindOf(where) !== 'ledger');
    for (const { where, bytes } of elsewhere) {
      expect({ where, found: passing.find(bytes) }).toEqual({ where, found: [] });
    }
    expect(tables.length).toBeGreaterThan(30);
    expect(ledgers.length).toBeGreaterThan(100);
    expect(log.bytes.toString()).toContain('recorded');
  }, 60_000);
});

/** Table, ledger, ipfs, log … of a place. */
function kindOf(where: string): string {
  return where.split(/[ /]/)[0] ?? where;
}
