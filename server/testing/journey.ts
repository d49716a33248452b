import { formatAccessCode } from '#crypto/accessCode.ts';
import { equalBytes, fromBase64Url, fromUtf8, toBase64Url } from '#crypto/bytes.ts';
import { newIdentifier, newPrescriptionId } from '#crypto/identifier.ts';
import {
  type ComposedIssue,
  composeIssue,
  composeRenewal,
  openContent,
  openPatientWrap,
  sealDispense,
} from '#crypto/prescription.ts';
import { recoveryKeyOf, recoverySecretOf } from '#crypto/recovery.ts';
import { redeemKeyOf, releaseKeyOf } from '#crypto/redeem.ts';
import { tokenHolderKey } from '#crypto/token.ts';
import { createReadingKey, unwrapUnderCode } from '#crypto/wrap.ts';
import { buildMedicationRequest } from '#fhir/medicationRequest.ts';
import { encodeResource } from '#fhir/parse.ts';
import { findProduct } from '#formulary/products.ts';
import { institutions } from '#network/demonstration/people.ts';
import { openRegistrars } from '#network/registrars.ts';
import { createInstitution, createPerson, invitePerson, type NewPerson } from '../people/accounts.ts';
import { findPatients } from '../people/patients.ts';
import { operator } from '../people/policy.ts';
import { relayOnce } from '../prescriptions/relay.ts';
import { readDocument } from '../prescriptions/service.ts';
import { lookupPrescription } from '../prescriptions/verdict.ts';
import { workSagas } from '../sagas/worker.ts';
import type { TransactionIntent } from '../transactions/schema.ts';
import { type BrowserSecrets, enrolInBrowser, PersonBrowser, recoverInBrowser } from './browser.ts';
import type { RecordedServer } from './recording.ts';
import { SecretSearch } from './secretSearch.ts';

const dayMs = 86_400_000;
export const note = 'Swallow whole with the porridge of Ravenna, for the trembling of the left hand.';
export const doctorAccount: NewPerson = {
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
export interface Played {
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
  /** What the server is sent as a proof and must keep only a hash of. */
  sent: SecretSearch;
}

/** Makes an account and its invitation. */
export async function invite(server: RecordedServer, person: NewPerson): Promise<{ token: string; subjectId: string }> {
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

/** Plays enrolment, sign-in, two prescriptions and what becomes of them, and keeps aside what the server must not see. */
export async function playJourney(
  server: RecordedServer,
  run: { connectorProfile: string; prescriptionToken: string },
): Promise<Played> {
  const { portal } = server;
  const registrars = openRegistrars(run.connectorProfile);
  const used = institutions.filter(({ kind }) => kind === 'hospital' || kind === 'pharmacy');
  for (const institution of used) {
    await createInstitution(operator, institution, portal);
    await registrars.admit(institution);
  }
  const secrets = new SecretSearch();
  const sent = new SecretSearch();
  const join = async (person: NewPerson, password: string, replacing?: string) => {
    const { token, subjectId: id } = await invite(server, person);
    const { institutionId, licence, mspId, role } = person;
    if (institutionId !== undefined && licence !== undefined && role !== 'patient') {
      await registrars.register({ id, institutionId, role, licence, mspId });
    }
    const made = await enrolInBrowser(server, token, person.email, password);
    await plantPerson(secrets, person.name, made);
    sent.plant(`${person.name}: recovery secret`, fromBase64Url(recoverySecretOf(made.recoveryPhrase)));
    if (replacing !== undefined) {
      const key = await recoverInBrowser(server, person.email, made.recoveryPhrase, replacing);
      secrets.plant(`${person.name}: new wrapping key`, key);
      secrets.plant(`${person.name}: new password`, replacing);
    }
    return PersonBrowser.signIn(server, person.email, replacing ?? password);
  };
  const doctor = await join(doctorAccount, 'nine green herons at dusk');
  // Forgets the password at once and comes back by the phrase.
  const patient = await join(patientAccount, 'a kettle under the lime tree', 'seven teapots in the plum orchard');
  const pharmacist = await join(pharmacistAccount, 'salt, copper and three owls');
  registrars.close();

  const [found] = await server.ask(findPatients, doctor.actor, { query: 'LK-571004-119' });
  if (found === undefined) throw new Error('the patient was not found');
  const author = (await createReadingKey(doctor.keys.readingSeed)).publicKey;
  const readingKeys = { patient: found.readingKey, author };
  const tokenAddress: `0x${string}` = `0x${run.prescriptionToken.slice(2)}`;

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
  const content = fromUtf8(await openContent(dataKey, bytes, recorded));
  if (!content.includes(note)) throw new Error('the pharmacy reads something else');
  await pharmacist.transact(await handOver(dataKey, id, pharmacist, new TextEncoder().encode(note)));
  await workSagas(portal);
  await relayOnce(portal, 50);

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
  if (!equalBytes(opened.code, renewal.code)) throw new Error('the patient reads another code');

  secrets.plant('clinical note', note);
  secrets.plant('words of the note', 'porridge of Ravenna');
  secrets.plant('medicine', findProduct('MP-10220')?.name ?? '');
  secrets.plant('kind of document', 'MedicationRequest');
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
  return { doctor, patient, pharmacist, dispensed, held, release: heldRelease, secrets, personal, passing, sent };
}

/** A hand-over of `document`, encrypted as the pharmacist's page does it. */
export async function handOver(
  dataKey: Uint8Array,
  id: string,
  by: PersonBrowser,
  document: Uint8Array,
  quantity = 28,
) {
  const dispense = { id: newIdentifier('disp'), author: by.actor.subjectId };
  const { cid, contentHash, bytes } = await sealDispense(dataKey, dispense, document);
  const intent: TransactionIntent = {
    ...{ kind: 'dispense', id, envelope: toBase64Url(bytes) },
    dispense: { id: dispense.id, quantity, cid, contentHash, withoutPacks: 'noSerial' },
  };
  return intent;
}

function parseRelease(bytes: Uint8Array): { codeWrap: string; releaseShare: string } {
  const { codeWrap, releaseShare } = JSON.parse(fromUtf8(bytes));
  return { codeWrap: String(codeWrap), releaseShare: String(releaseShare) };
}

/** What of a person no server may ever see. */
export async function plantPerson(search: SecretSearch, name: string, secrets: BrowserSecrets): Promise<void> {
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
