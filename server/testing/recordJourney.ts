import { createHash } from 'node:crypto';
import { z } from 'zod';
import { categories } from '#chaincode/model/category.ts';
import type { ConsentTerms } from '#chaincode/model/consent.ts';
import { storedSeedWrap } from '#chaincode/model/healthRecord.ts';
import type { PractitionerRole } from '#chaincode/model/registry.ts';
import { institutionOperations } from '#components/vault/institutionOperations.ts';
import { deriveKey } from '#crypto/derive.ts';
import { unwrapRelease } from '#crypto/escrow.ts';
import { newCareId } from '#crypto/identifier.ts';
import { derivePassword } from '#crypto/password.ts';
import { buildDocument, buildFinding, buildMedicine, buildProblem, type Said } from '#fhir/build.ts';
import { pendingElement } from '#fhir/import/files.ts';
import { institutions } from '#network/demonstration/people.ts';
import { createRecordBrowser, type RecordBrowser } from '#network/demonstration/recordBrowser.ts';
import { foldRecord, openRecord, writeDocument } from '#network/demonstration/records/perform.ts';
import { openRegistrars } from '#network/registrars.ts';
import { releaseShares } from '../access/shares.ts';
import { createInstitution, type NewPerson } from '../people/accounts.ts';
import { operator } from '../people/policy.ts';
import { workSagas } from '../sagas/worker.ts';
import { enrolInBrowser, PersonBrowser } from './browser.ts';
import { invite, plantPerson } from './journey.ts';
import type { RecordedServer } from './recording.ts';
import { SecretSearch } from './secretSearch.ts';

const dayMs = 86_400_000;
const lakeside = 'inst-lakeside-hospital';
const iso = (days: number) => new Date(Math.floor(Date.now() / dayMs + days) * dayMs).toISOString();

function staffOf(role: PractitionerRole, name: string, number: string): NewPerson {
  const licence = { number, specialty: 'Neurology', validFrom: iso(-1), validTo: iso(400) };
  const email = `${name.toLowerCase().replace(/[^a-z]/g, '')}@lakeside.example`;
  return { role, name, email, mspId: 'HospitalMSP', institutionId: lakeside, licence };
}
const patientAccount: NewPerson = {
  ...{ role: 'patient', mspId: 'PatientMSP', name: 'Perpetua Winterbourne', email: 'perpetua@mail.example' },
  ...{ birthDate: '1961-02-27', sex: 'female', identifier: 'LK-610227-884', treatedAt: [lakeside] },
};

/** Why a clinician asks: for the patient alone to read, and through the server and the peers on its way. */
const reasonAsked = 'To see how the copper beads came to be there.';

/** Words, codes and a file that only readers of the record may ever see. */
const said = {
  problem: 'Trembling after the lighthouse years',
  code: 'Z99.41887-7',
  note: 'Whispers to the gulls of Ravenspurn at night.',
  medicine: 'Velvetophine 40 mg capsule',
  finding: 'Quartzose echo of the left ventricle',
  title: 'Letter of the harbour surgeon.pdf',
  file: 'The harbour surgeon found eleven copper beads and advised against lobster.',
  corrected: 'Trembling since the salt winters',
};

/** Everybody's browsers, what they keep from the server, and what of it may pass through on its way to the peers. */
export interface PlayedRecord {
  patient: RecordBrowser;
  doctor: RecordBrowser;
  /** Clinical words, codes, a file, passwords, PINs, and every key that opens something. */
  secrets: SecretSearch;
  /** What a consent or an access says: on its way to the peers, and in private data. */
  terms: SecretSearch;
  /** What of the scenario came about; each must be more than nothing. */
  counts: { seeds: number; dataKeys: number; shares: number; withheld: number };
}

interface Joined extends RecordBrowser {
  browser: PersonBrowser;
}

/** Plays a life of a record: opened, written with a file, folded, granted, read, revoked, denied, broken open, read by its owner. */
export async function playRecord(server: RecordedServer, connectorProfile: string): Promise<PlayedRecord> {
  const { portal } = server;
  const registrars = openRegistrars(connectorProfile);
  for (const institution of institutions.filter(({ kind }) => kind === 'hospital')) {
    await createInstitution(operator, institution, portal);
    await registrars.admit(institution);
  }
  const secrets = new SecretSearch();
  const join = async (person: NewPerson, password: string, pin: string): Promise<Joined> => {
    const { token, subjectId: id } = await invite(server, person);
    const { institutionId, licence, mspId, role } = person;
    if (institutionId !== undefined && licence !== undefined && role !== 'patient') {
      await registrars.register({ id, institutionId, role, licence, mspId });
    }
    await plantPerson(secrets, person.name, await enrolInBrowser(server, token, person.email, password));
    const browser = await PersonBrowser.signIn(server, person.email, password);
    await browser.setPin(pin);
    secrets.plant(`${person.name}: PIN`, pin);
    const kept = browser.keys.pin;
    if (kept === undefined) throw new Error('no PIN is kept');
    const { wrappingKey } = await derivePassword(pin, Buffer.from(kept.salt, 'base64url'), kept);
    secrets.plant(`${person.name}: key of the PIN`, wrappingKey);
    const record = await createRecordBrowser(browser, (service, who, input) => server.ask(service, who, input));
    return { ...record, browser };
  };
  const patient = await join(patientAccount, 'a lantern for the blue heron', '7391846250');
  const doctor = await join(
    staffOf('doctor', 'Dr Cornelius Ashgrove', 'LK-7'),
    'three brass owls in rain',
    '5028173946',
  );
  const second = await join(staffOf('doctor', 'Dr Isolde Farthing', 'LK-8'), 'oats, thyme and lamp oil', '8640275193');
  const admin = await join(staffOf('admin', 'Barnaby Thistlewood', 'LK-9'), 'a wheelbarrow full of snow', '9175308264');
  registrars.close();
  const id = patient.person.actor.subjectId;

  await openRecord(patient);
  await write(doctor, id);
  await foldRecord(patient);
  await giveInstitutionKey(admin, [doctor, second, admin]);
  const own = await grant(patient, { kind: 'person', id: doctor.person.actor.subjectId });
  const house = await grant(patient, { kind: 'institution', id: lakeside });
  await grant(patient, { kind: 'person', id: second.person.actor.subjectId }, 'deny');
  await doctor.transact({
    ...{ kind: 'consents:request', request: { id: newCareId('req', id), patient: id } },
    terms: { categories: ['hiv', 'genetic'], purposes: ['HRESCH'], reason: reasonAsked },
  });
  await readAsClinician(doctor, id);
  await revoke(patient, own, house);
  await correct(patient, id);
  const withheld = await readAsClinician(doctor, id);
  const shares = await breakGlass(server, doctor, second, id);
  const { source } = await patient.openOwn();
  await patient.vault.openChart(source);
  await patient.vault.readTimeline(source);
  await workSagas(portal);

  for (const [name, words] of Object.entries(said)) secrets.plant(`clinical ${name}`, words);
  let [seeds, dataKeys] = [0, 0];
  for (const { state, person } of [patient, doctor, second, admin]) {
    const of = person.actor.name;
    for (const [name, { keys }] of state.records.categories) {
      for (const { seed, epoch } of keys) {
        seeds += 1;
        secrets.plant(`${of}: seed of ${name}/${epoch}`, seed);
        for (const use of ['ladder', 'index']) {
          secrets.plant(`${of}: ${use} key of ${name}/${epoch}`, deriveKey(seed, `medloom/record/${use}/v1`));
        }
      }
    }
    for (const [name, { dataKey }] of state.records.documents) {
      dataKeys += 1;
      secrets.plant(`${of}: data key of ${name}`, dataKey);
      secrets.plant(`${of}: key of the envelope of ${name}`, deriveKey(dataKey, 'medloom/envelope/key/v1'));
      const hash = createHash('sha256').update(said.file).digest();
      const attachment = deriveKey(dataKey, 'medloom/attachment/0/key/v1', { salt: new Uint8Array(hash) });
      secrets.plant(`${of}: key of the file of ${name}`, attachment);
    }
    for (const [name, seed] of state.records.institutionSeeds)
      secrets.plant(`${of}: seed of institution ${name}`, seed);
  }
  for (const [at, share] of shares.entries()) secrets.plant(`share ${at}`, share);
  return {
    ...{ patient, doctor, secrets, terms: termsOf() },
    counts: { seeds, dataKeys, shares: shares.length, withheld },
  };
}

const by = ({ person }: RecordBrowser, patient: string, what: string): Said => ({
  ...{ id: `canary-${what}`, patient, author: { id: person.actor.subjectId, name: person.actor.name } },
  recorded: new Date(Date.now() - dayMs).toISOString(),
});

/** Documents of an ordinary and of guarded categories, one with a file. */
async function write(author: RecordBrowser, patient: string): Promise<void> {
  const code = { system: 'http://hl7.org/fhir/sid/icd-10', code: said.code, text: said.problem };
  const of = (what: string) => by(author, patient, what);
  const problem = buildProblem(of('problem'), { code, status: 'active', onset: '2024-03-01', note: said.note });
  await writeDocument(author, patient, { category: 'clinical', resources: [problem], files: [] });
  const medicine = buildMedicine(
    { ...of('medicine'), category: 'substance' },
    { code: { text: said.medicine }, status: 'active', from: '2024-03-01', dose: 'One a day.' },
  );
  await writeDocument(author, patient, { category: 'substance', resources: [medicine], files: [] });
  const finding = buildFinding(
    { ...of('finding'), category: 'genetic' },
    { code: { text: 'Echo' }, value: said.finding, at: '2024-03-02', kind: 'exam' },
  );
  await writeDocument(author, patient, { category: 'genetic', resources: [finding], files: [] });
  const file = { title: said.title, contentType: 'application/pdf', content: new TextEncoder().encode(said.file) };
  const letter = buildDocument(of('letter'), {
    ...{ type: { text: 'Letter' }, title: said.title, files: [pendingElement(0, file)] },
  });
  await writeDocument(author, patient, { category: 'documents', resources: [letter], files: [file] });
}

/** A next version by the patient, after the epoch changed. */
async function correct(patient: RecordBrowser, id: string): Promise<void> {
  const problem = buildProblem(by(patient, id, 'problem'), {
    ...{ code: { text: said.corrected }, status: 'active', onset: '2024-03-01' },
  });
  await writeDocument(patient, id, { category: 'clinical', resources: [problem], files: [] });
}

async function giveInstitutionKey(admin: RecordBrowser, staff: readonly RecordBrowser[]): Promise<void> {
  const claims = staff.map(({ person, state }) => ({
    ...{ kind: 'person' as const, id: person.actor.subjectId },
    ...{ readingKey: state.readingKey, certificatePem: person.certificatePem },
  }));
  const operations = institutionOperations(() => admin.state);
  const made = await operations.makeInstitutionKey({ institution: lakeside, staff: claims });
  await admin.transact({ kind: 'putInstitutionReading', institution: lakeside, ...made });
}

interface Granted {
  id: string;
  terms: ConsentTerms;
}

async function grant(
  { vault, openOwn, readersOf, transact, person }: RecordBrowser,
  grantee: ConsentTerms['grantee'],
  decision: ConsentTerms['decision'] = 'permit',
): Promise<Granted> {
  const terms: ConsentTerms = {
    ...{ decision, grantee, from: new Date().toISOString() },
    ...{ categories: ['clinical', 'documents', 'substance', 'genetic'], purposes: ['TREAT'] },
  };
  await openOwn();
  const [reader] = await readersOf([grantee.id]);
  const patient = person.actor.subjectId;
  const intent = await vault.grantConsent({ patient, terms, ...(reader && { reader }) });
  await transact(intent);
  return { id: intent.consent.id, terms };
}

/** Takes a consent back: the next epoch of what it opened, for the patient and the organisations' shares. */
async function revoke(
  { vault, openOwn, escrow, readersOf, transact, person }: RecordBrowser,
  { id, terms }: Granted,
  left: Granted,
): Promise<void> {
  await openOwn();
  const claims = await readersOf([left.terms.grantee.id]);
  const readers = claims.map((claim) => ({ claim, categories: left.terms.categories }));
  const patient = person.actor.subjectId;
  await transact(await vault.revokeConsent({ id, patient, terms, readers, escrow: await escrow() }));
}

/** Reads by consent, through the institution's key once the own one is gone; answers how much is not shared. */
async function readAsClinician(doctor: RecordBrowser, patient: string): Promise<number> {
  const access = { id: newCareId('acc', patient), patient };
  await doctor.transact({ kind: 'access:request', access, terms: { categories: [...categories], purpose: 'TREAT' } });
  await doctor.openInstitution(lakeside);
  const { source, unlocked, withheld } = await doctor.openAccess(access.id, patient);
  if (unlocked.length === 0 || unlocked.some(({ state }) => state !== 'open' && state !== 'empty')) {
    throw new Error(`what is shared does not open: ${JSON.stringify(unlocked)}`);
  }
  const { screen } = await doctor.vault.openChart(source);
  if (screen.problems.length === 0) throw new Error('the doctor reads something else');
  return withheld.length;
}

/** One doctor states an emergency, another confirms; the first opens everything by shares of the organisations. */
async function breakGlass(
  server: RecordedServer,
  doctor: RecordBrowser,
  second: RecordBrowser,
  patient: string,
): Promise<Uint8Array[]> {
  const emergency = newCareId('emg', patient);
  const reason = 'Brought in by ambulance, not able to answer.';
  await doctor.transact({ kind: 'access:openEmergency', emergency: { id: emergency, patient, reason } });
  await second.transact({ kind: 'access:confirmEmergency', id: emergency });
  const access = { id: newCareId('acc', patient), patient, emergency };
  const { actor } = doctor.person;
  await doctor.transact({ kind: 'access:request', access, terms: { categories: [...categories], purpose: 'ETREAT' } });
  const asked = await doctor.read({ kind: 'access:readEscrow', id: access.id }, z.array(storedSeedWrap));
  const sealed = asked.map(({ reader, category, epoch, wrap }) => ({ reader, category, epoch, wrap }));
  const released = await server.ask(releaseShares, actor, { access: access.id, shares: sealed });
  const { source } = await doctor.openAccess(access.id, patient);
  const unlocked = await doctor.vault.unlockByShares({ ...source, shares: released });
  if (unlocked.some(({ state }) => state !== 'open')) throw new Error(`shares open ${JSON.stringify(unlocked)}`);
  await doctor.vault.openChart(source);
  const opened = released.flatMap(({ category, epoch, wraps }) =>
    wraps.map((wrap) => unwrapRelease(doctor.state.readingSeed, { patient, category, epoch }, actor.subjectId, wrap)),
  );
  return Promise.all(opened);
}

/** What consents and accesses of the scenario say, as JSON has it wherever it stands. */
function termsOf(): SecretSearch {
  const search = new SecretSearch();
  for (const category of ['substance', 'genetic', 'clinical', 'documents']) {
    search.plant(`category ${category}`, `"category":"${category}"`);
    search.plant(`category ${category} in a list`, `,"${category}"`);
  }
  search.plant('purpose of treatment', '"purposes":["TREAT"]');
  search.plant('purpose of an access', '"purpose":"TREAT"');
  search.plant('purpose of an emergency', '"purpose":"ETREAT"');
  search.plant('purpose of research', '"HRESCH"');
  search.plant('reason of a request', reasonAsked);
  search.plant('a denial', '"decision":"deny"');
  search.plant('a permit', '"decision":"permit"');
  return search;
}
