import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { formatAccessCode } from '#crypto/accessCode.ts';
import { fromBase64Url, fromUtf8, toBase64Url } from '#crypto/bytes.ts';
import { createCertificateRequest } from '#crypto/certificateRequest.ts';
import { deriveKey } from '#crypto/derive.ts';
import { cidOf, openDocument } from '#crypto/envelope.ts';
import { checkProposal } from '#crypto/fabric/proposal.ts';
import { checkTransaction } from '#crypto/fabric/transaction.ts';
import { newIdentifier, newPrescriptionId } from '#crypto/identifier.ts';
import {
  type ComposedIssue,
  composeIssue,
  composeRenewal,
  documentContext,
  openAuthorWrap,
  openContent,
  openPatientWrap,
  sealDispense,
} from '#crypto/prescription.ts';
import { recoveryKeyOf } from '#crypto/recovery.ts';
import { redeemKeyOf, releaseKeyOf } from '#crypto/redeem.ts';
import { generateSigningKey, importSigningKey, signMessage } from '#crypto/signingKey.ts';
import { addressOf, tokenHolderKey } from '#crypto/token.ts';
import { openLock, parseVaultRecord } from '#crypto/vault.ts';
import { createReadingKey, unwrapUnderCode, unwrapWith } from '#crypto/wrap.ts';
import { buildMedicationRequest } from '#fhir/medicationRequest.ts';
import { encodeResource } from '#fhir/parse.ts';
import { findProduct } from '#formulary/products.ts';
import { institutions } from '#network/demonstration/people.ts';
import { openRegistrars } from '#network/demonstration/registry.ts';
import { type Network, startNetwork } from '#network/network.ts';
import { readEnv } from '#server/env.ts';
import { log } from '#server/log.ts';
import { createInstitution, createPerson, invitePerson, type NewPerson } from '#server/people/accounts.ts';
import { findPatients } from '#server/people/patients.ts';
import { operator } from '#server/people/policy.ts';
import { openPortal } from '#server/portal.ts';
import { readDocument } from '#server/prescriptions/service.ts';
import { lookupPrescription } from '#server/prescriptions/verdict.ts';
import { workSagas } from '#server/sagas/worker.ts';
import { type BrowserSecrets, enrolInBrowser, PersonBrowser } from '#server/testing/browser.ts';
import { RecordedServer } from '#server/testing/recording.ts';
import { SecretSearch } from '#server/testing/secretSearch.ts';
import { readDatabases, readFiles, readTables, type Stored } from '#server/testing/stored.ts';
import { ledgerCall, type TransactionIntent } from './schema.ts';
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

const dayMs = 86_400_000;
const note = 'Swallow whole with the porridge of Ravenna, for the trembling of the left hand.';
/** Sent on purpose, so that it is seen that what is sent would be found. */
const canary = 'canary-3f9c1be2-told-to-the-server';
const canaryDocument = 'canary-77ad40e1-stored-without-encryption';

const doctorAccount: NewPerson = {
  ...{ role: 'doctor', mspId: 'HospitalMSP', institutionId: 'inst-lakeside-hospital', name: 'Dr Wilhelmina Okonjo' },
  email: 'wilhelmina@lakeside.example',
  licence: { number: 'LK-1', specialty: 'Neurology', validFrom: iso(-1), validTo: iso(400) },
};
const pharmacistAccount: NewPerson = {
  ...{ role: 'pharmacist', mspId: 'PharmacyMSP', institutionId: 'inst-harbour-pharmacy', name: 'Octavian Lindqvist' },
  email: 'octavian@harbour.example',
  licence: { number: 'PH-1', specialty: 'Community', validFrom: iso(-1), validTo: iso(400) },
};
const patientAccount: NewPerson = {
  ...{ role: 'patient', mspId: 'PatientMSP', name: 'Theodora Quillfeather', email: 'theodora@mail.example' },
  ...{ birthDate: '1957-10-04', sex: 'female', identifier: 'LK-571004-119', treatedAt: ['inst-lakeside-hospital'] },
};

function iso(days: number): string {
  return new Date(Math.floor(Date.now() / dayMs + days) * dayMs).toISOString();
}

type Composed = ComposedIssue & { dataKey: Uint8Array; code: Uint8Array };

/** Everybody's browsers, what the server saw of them, and what it must never have seen. */
interface Played {
  doctor: PersonBrowser;
  patient: PersonBrowser;
  pharmacist: PersonBrowser;
  /** Issued, accepted, handed over in full. */
  dispensed: Composed;
  /** Issued, its code renewed, accepted, and still held: code wrap and release share are live. */
  held: Composed & { renewedCode: Uint8Array };
  /** What the ledger gave the pharmacy that holds `held`; it passed through the server. */
  release: { codeWrap: string; releaseShare: string };
  secrets: SecretSearch;
  /** Personal, clinical: the server knows names in memory, and stores them sealed. */
  personal: SecretSearch;
  /** What passes through the server on its way to the peers and must not be kept by it. */
  passing: SecretSearch;
}

const stateDir = mkdtempSync(join(tmpdir(), 'medloom-blind-'));
let network: Network;
let server: RecordedServer;
let played: Played;
let running = false;

async function invite(person: NewPerson): Promise<{ token: string; subjectId: string }> {
  const { personId, subjectId } = await createPerson(operator, person, server.portal);
  const { token } = await invitePerson(operator, { personId }, server.portal);
  return { token, subjectId };
}

function compose(doctor: PersonBrowser, patient: PersonBrowser, readingKeys: { patient: string; author: string }) {
  const product = findProduct('MP-10220');
  if (product === undefined) throw new Error('the formulary has no MP-10220');
  const id = newPrescriptionId(patient.actor.subjectId);
  const { name, institutionName } = doctor.actor;
  const expires = new Date(Date.now() + 30 * dayMs).toISOString();
  const request = buildMedicationRequest({
    ...{ id, product, expires, authoredOn: new Date().toISOString(), note, quantity: 28, repeats: 0 },
    requester: { id: doctor.actor.subjectId, name, institution: institutionName ?? '' },
    patient: { name: patientAccount.name, birthDate: '1957-10-04', identifier: 'LK-571004-119', sex: 'female' },
    dose: { amount: 1, frequency: 2, period: 1, periodUnit: 'd', unit: product.unit, route: product.route },
  });
  const author = { id: doctor.actor.subjectId, readingKey: readingKeys.author };
  const reader = { id: patient.actor.subjectId, readingKey: readingKeys.patient };
  const document = encodeResource(request);
  return composeIssue({ id, expires, document, author, patient: reader, quantity: 28, fills: 1 });
}

async function play(): Promise<Played> {
  const { portal } = server;
  const registrars = openRegistrars(network.run.connectorProfile);
  const used = institutions.filter(({ kind }) => kind === 'hospital' || kind === 'pharmacy');
  for (const institution of used) {
    await createInstitution(operator, institution, portal);
    await registrars.admit(institution);
  }
  const secrets = new SecretSearch();
  const join = async (person: NewPerson, password: string) => {
    const { token, subjectId: id } = await invite(person);
    const { institutionId, licence, mspId, role } = person;
    if (institutionId !== undefined && licence !== undefined && role !== 'patient') {
      await registrars.register({ id, institutionId, role, licence, mspId });
    }
    await plantPerson(secrets, person.name, await enrolInBrowser(server, token, person.email, password));
    return PersonBrowser.signIn(server, person.email, password);
  };
  const doctor = await join(doctorAccount, 'nine green herons at dusk');
  const patient = await join(patientAccount, 'a kettle under the lime tree');
  const pharmacist = await join(pharmacistAccount, 'salt, copper and three owls');
  registrars.close();

  const [found] = await server.ask(findPatients, doctor.actor, { query: 'LK-571004-119' });
  if (found === undefined) throw new Error('the patient was not found');
  const author = (await createReadingKey(doctor.keys.readingSeed)).publicKey;
  const readingKeys = { patient: found.readingKey, author };
  const tokenAddress: `0x${string}` = `0x${network.run.prescriptionToken.slice(2)}`;

  // From end to end: issued, minted, redeemed, opened, handed over.
  const dispensed = await compose(doctor, patient, readingKeys);
  plantPrescription(secrets, 'dispensed', dispensed, dispensed.code);
  await doctor.issue(tokenAddress, dispensed);
  const { id } = dispensed.issue;
  await server.ask(lookupPrescription, pharmacist.actor, { redeemHash: dispensed.issue.redeemHash });
  await pharmacist.transact({ kind: 'accept', id, redeemKey: toBase64Url(redeemKeyOf(dispensed.code)) });
  const release = parseRelease(await pharmacist.read({ kind: 'readRelease', id }));
  const dataKey = await unwrapUnderCode(id, dispensed.code, release);
  secrets.plant('release key', releaseKeyOf(dispensed.code, fromBase64Url(release.releaseShare), id));
  const bytes = await server.ask(readDocument, pharmacist.actor, dispensed.issue.cid);
  const recorded = { ...dispensed.issue, author: doctor.actor.subjectId };
  expect(fromUtf8(await openContent(dataKey, bytes, recorded))).toContain(note);
  await pharmacist.transact(await handOver(dataKey, id, pharmacist, new TextEncoder().encode(note)));
  await workSagas(portal);

  // The patient renews the code; the pharmacy keeps holding it.
  const first = await compose(doctor, patient, readingKeys);
  await doctor.issue(tokenAddress, first);
  const renewal = await composeRenewal(first.issue.id, first.dataKey, {
    id: patient.actor.subjectId,
    readingKey: found.readingKey,
  });
  const held = { ...first, renewedCode: renewal.code };
  plantPrescription(secrets, 'held', first, first.code);
  plantPrescription(secrets, 'renewed', first, renewal.code);
  const { redeemHash, secrets: renewed } = renewal;
  await patient.transact({ kind: 'renewCode', id: first.issue.id, redeemHash, secrets: renewed });
  await pharmacist.transact({
    ...{ kind: 'accept', id: first.issue.id },
    redeemKey: toBase64Url(redeemKeyOf(renewal.code)),
  });
  const heldRelease = parseRelease(await pharmacist.read({ kind: 'readRelease', id: first.issue.id }));
  const wraps = fromUtf8(await patient.read({ kind: 'readWraps', ids: [first.issue.id] }));
  const wrap = /"wrap":"([\w-]+)"/.exec(wraps)?.[1] ?? '';
  const opened = await openPatientWrap(patient.keys.readingSeed, first.issue.id, patient.actor.subjectId, wrap);
  expect(opened.code).toEqual(renewal.code);

  const passing = new SecretSearch();
  passing.plant('release share', fromBase64Url(heldRelease.releaseShare));
  passing.plant('first release share', fromBase64Url(dispensed.secrets.releaseShare));
  passing.plant('redeeming key', redeemKeyOf(renewal.code));
  for (const [name, value] of Object.entries(dispensed.secrets))
    passing.plant(`dispensed ${name}`, fromBase64Url(value));
  for (const [name, value] of Object.entries(renewed)) passing.plant(`renewed ${name}`, fromBase64Url(value));
  const personal = new SecretSearch();
  for (const { name, email } of [doctorAccount, patientAccount, pharmacistAccount]) {
    personal.plant(name, name);
    personal.plant(email, email);
  }
  personal.plant('birth date', '1957-10-04');
  personal.plant('identifier', 'LK-571004-119');
  personal.plant('identifier without hyphens', 'LK571004119');
  return { doctor, patient, pharmacist, dispensed, held, release: heldRelease, secrets, personal, passing };
}

async function handOver(dataKey: Uint8Array, id: string, by: PersonBrowser, document: Uint8Array, quantity = 28) {
  const dispense = { id: newIdentifier('disp'), author: by.actor.subjectId };
  const { cid, contentHash, bytes } = await sealDispense(dataKey, dispense, document);
  const intent: TransactionIntent = {
    ...{ kind: 'dispense', id, envelope: toBase64Url(bytes) },
    dispense: { id: dispense.id, quantity, cid, contentHash },
  };
  return intent;
}

function parseRelease(bytes: Uint8Array): { codeWrap: string; releaseShare: string } {
  const { codeWrap, releaseShare } = JSON.parse(fromUtf8(bytes));
  return { codeWrap: String(codeWrap), releaseShare: String(releaseShare) };
}

async function plantPerson(search: SecretSearch, name: string, secrets: BrowserSecrets): Promise<void> {
  const { signingKey, readingSeed, walletKey } = secrets.contents;
  const key = await crypto.subtle.importKey('pkcs8', signingKey, { name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'sign',
  ]);
  const { d = '' } = await crypto.subtle.exportKey('jwk', key);
  search.plant(`${name}: signing key`, signingKey);
  search.plant(`${name}: signing scalar`, fromBase64Url(d));
  search.plant(`${name}: reading seed`, readingSeed);
  search.plant(`${name}: wallet key`, walletKey);
  search.plant(`${name}: vault key`, secrets.vaultKey);
  search.plant(`${name}: wrapping key`, secrets.wrappingKey);
  search.plant(`${name}: recovery key`, recoveryKeyOf(secrets.recoveryPhrase));
  search.plant(`${name}: recovery phrase`, secrets.recoveryPhrase);
  search.plant(`${name}: password`, secrets.password);
}

function plantPrescription(search: SecretSearch, name: string, composed: Composed, code: Uint8Array): void {
  const typed = formatAccessCode(code);
  search.plant(`${name}: data key`, composed.dataKey);
  search.plant(`${name}: token holder's key`, tokenHolderKey(composed.dataKey));
  search.plant(`${name}: access code`, code);
  search.plant(`${name}: typed code`, typed);
  search.plant(`${name}: typed code without hyphens`, typed.replaceAll('-', ''));
  search.plant(`${name}: typed code in lower case`, typed.replaceAll('-', '').toLowerCase());
}

beforeAll(async () => {
  network = await startNetwork({ stateDir, port: 0, portal: false, demonstration: false, env: {} });
  running = true;
  server = new RecordedServer(openPortal(readEnv(network.run.portalEnv)));
  played = await play();
  const { secrets } = played;
  secrets.plant('clinical note', note);
  secrets.plant('words of the note', 'porridge of Ravenna');
  secrets.plant('medicine', findProduct('MP-10220')?.name ?? '');
  secrets.plant('kind of document', 'MedicationRequest');
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
  const call = { channel, contract: 'prescriptions', function: 'read', args: [id] };
  return JSON.parse(fromUtf8(await server.portal.ledger.evaluate(call)));
};

/** All values in everything received and answered, that could be a key: decoded from base64url and hex, and from within. */
function decodedValues(): Buffer[] {
  const found = new Map<string, Buffer>();
  const add = (text: string, depth: number) => {
    for (const [token] of text.matchAll(/[A-Za-z0-9+/_-]{20,}/g)) {
      const forms = [
        Buffer.from(token, 'base64url'),
        ...(/^([0-9a-f]{2})+$/.test(token) ? [Buffer.from(token, 'hex')] : []),
      ];
      for (const bytes of forms) {
        const name = bytes.toString('base64');
        if (found.has(name)) continue;
        found.set(name, bytes);
        if (depth > 0) add(bytes.toString('latin1'), depth - 1);
      }
    }
    for (const [, digits = ''] of text.matchAll(/0x([0-9a-f]{32,})/gi)) {
      found.set(digits, Buffer.from(digits, 'hex'));
    }
  };
  for (const { text } of [...server.received, ...server.answered]) add(text, 2);
  return [...found.values()];
}

describe('what reaches the server', () => {
  it('holds none of the secrets of the browsers, in any encoding', () => {
    const services = new Set(server.received.map(({ service }) => service));
    for (const name of ['enrolPerson', 'signInWithPassword', 'saveVault', 'prepareTransaction', 'endorseTransaction']) {
      expect(services).toContain(name);
    }
    for (const { service, text } of [...server.received, ...server.answered]) {
      expect({ service, found: played.secrets.find(text) }).toEqual({ service, found: [] });
    }
    expect(played.secrets.names.length).toBeGreaterThan(45);
  });

  it('does hold what passes through it, which shows that the search finds what is sent', () => {
    const found = new Set(server.received.flatMap(({ text }) => played.passing.find(text)));
    const names = ['redeeming key', 'dispensed patientWrap', 'dispensed releaseShare', 'renewed codeWrap'];
    for (const name of names) expect(found).toContain(name);
  });
});

describe('with everything that it received', () => {
  it('no value opens a prescription as its data key', async () => {
    const { held, doctor } = played;
    const envelope = fromBase64Url(held.envelope);
    const commitment = Buffer.from(envelope.subarray(1, 33));
    const opens = (key: Uint8Array) => commitment.equals(deriveKey(key, 'medloom/envelope/commitment/v1'));
    expect(opens(held.dataKey)).toBe(true);
    const values = decodedValues().filter((bytes) => bytes.length >= 32);
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
    for (const bytes of decodedValues()) {
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
    const record = parseVaultRecord(/"record":"(\{.*?\})"[,}]/.exec(vaultText())?.[1]?.replaceAll('\\"', '"') ?? '');
    const keys = decodedValues().filter((bytes) => bytes.length === 32);
    expect(keys.length).toBeGreaterThan(20);
    for (const key of keys) {
      for (const lock of record.locks) {
        await expect(openLock(lock, key)).rejects.toMatchObject({ code: 'VAULT_REFUSED' });
      }
      const author = openAuthorWrap(key, id, doctor.actor.subjectId, held.secrets.authorWrap);
      await expect(author).rejects.toMatchObject({ code: 'WRAP_REFUSED' });
      const reader = openPatientWrap(key, id, patient.actor.subjectId, held.secrets.patientWrap);
      await expect(reader).rejects.toMatchObject({ code: 'WRAP_REFUSED' });
      const context = { purpose: 'medloom/prescription/resume/v1', id, reader: doctor.actor.subjectId };
      await expect(unwrapWith(key, context, held.resumePacket)).rejects.toMatchObject({ code: 'WRAP_REFUSED' });
    }
  });

  const vaultText = () => server.received.find(({ service }) => service === 'saveVault')?.text ?? '';
});

describe('the server cannot act for a person', () => {
  const cancel = (): TransactionIntent => {
    return { kind: 'cancel', id: played.dispensed.issue.id, reason: 'not what the doctor wants' };
  };
  const signWithOwnKey = async (message: Uint8Array) => {
    const { privateKey } = await importSigningKey(await generateSigningKey());
    return signMessage(privateKey, message);
  };

  it('with another key under the person’s certificate', async () => {
    const { doctor, held } = played;
    const { ledger } = server.portal;
    const call = ledgerCall({ ...cancel(), kind: 'cancel', id: held.issue.id, reason: 'forged by the server' });
    const { proposal } = ledger.prepare(doctor.identity, call);
    const { message } = checkProposal(proposal, call, doctor.identity);
    const code = await refusal(ledger.endorse(doctor.identity, call.channel, proposal, await signWithOwnKey(message)));
    expect(['NOT_AUTHORISED', 'NOT_REGISTERED']).toContain(code);
    // The same proposal with the person's own signature gets as far as the contract: only the signature was wrong.
    const own = fromBase64Url(await doctor.sign(message));
    expect(await refusal(ledger.endorse(doctor.identity, call.channel, proposal, own))).toBe('WRONG_STATE');
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
      expect(await refusal(endorsed)).toBe('NOT_AUTHORISED');
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
    const issue = ledger.evaluate({ channel, contract: 'prescriptions', function: 'issue', args });
    expect(await refusal(issue)).not.toBe('done');
    const share = ledger.evaluate({
      channel,
      contract: 'prescriptions',
      function: 'readRelease',
      args: [played.held.issue.id],
    });
    expect(['NOT_REGISTERED', 'NOT_AUTHORISED']).toContain(await refusal(share));
    const ids = JSON.stringify([played.held.issue.id]);
    const wraps = ledger.evaluate({ channel, contract: 'prescriptions', function: 'readWraps', args: [ids] });
    expect(await refusal(wraps)).not.toBe('done');
  });

  it('by enrolling a key of its own in the place of the person’s', async () => {
    const { doctor, patient } = played;
    const own = await importSigningKey(await generateSigningKey());
    const { publicKey: readingKey } = await createReadingKey();
    for (const { actor } of [doctor, patient]) {
      const { subjectId, mspId, role, institutionId } = actor;
      const enrolled = server.portal.connector.enrol({
        ...{ mspId, role, subjectId, readingKey, wallet: addressOf(crypto.getRandomValues(new Uint8Array(32))) },
        ...(institutionId === null ? {} : { institutionId }),
        ...(role === 'doctor' && doctorAccount.licence ? { licence: doctorAccount.licence } : {}),
        ...(role === 'patient' ? { channel: server.portal.ledger.careChannelOf(subjectId) } : {}),
        csrPem: await createCertificateRequest(own, subjectId),
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
      expect(() => checkProposal(proposal, asked, doctor.identity)).toThrow(/PROPOSAL_MISMATCH/);
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
    expect(() => checkTransaction(large.transaction, small.checked)).toThrow(/TRANSACTION_MISMATCH/);
    const changed = new Uint8Array(small.transaction);
    const middle = Math.floor(changed.length / 2);
    changed[middle] = (changed[middle] ?? 0) ^ 1;
    expect(() => checkTransaction(changed, small.checked)).toThrow();
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
    const dispense = { id: newIdentifier('disp'), quantity: 1, cid: cidOf(open), contentHash };
    await pharmacist.transact({ kind: 'dispense', id: held.issue.id, envelope: toBase64Url(open), dispense });
    log().info({ seen: canary }, 'a careless line');
    await pharmacist.transact({ kind: 'close', id: held.issue.id, reason: canary });
    const found = server.received.flatMap(({ text }) => secrets.find(text));
    expect(new Set(found)).toEqual(new Set(['canary', 'canary document']));
  });

  it('holds none of them: tables, ledgers, documents, chain, logs', async () => {
    const { secrets, personal, passing } = played;
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
