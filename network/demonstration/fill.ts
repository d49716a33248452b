import type { Seen } from '#components/safety/readSeen.ts';
import type { Env } from '#server/env.ts';
import { createInstitution, invitePerson, type NewPerson } from '#server/people/accounts.ts';
import { operator } from '#server/people/policy.ts';
import { openPortal, type Portal } from '#server/portal.ts';
import { openRegistrars, type Registrars } from '../registrars.ts';
import { type Account, type Enrolled, ensureAccount, ensureEnrolled, openHeld, type Signer } from './accounts.ts';
import { readSeen } from './checking.ts';
import { ensureCredential } from './credentials.ts';
import { fillRecords } from './fillRecords.ts';
import { ensureInstitutionKey } from './institutionKeys.ts';
import { fillClaims } from './insurance/fillClaims.ts';
import { fillInsurance } from './insurance/fillInsurance.ts';
import { type House, housesOf } from './insurance/houses.ts';
import { pursesOf } from './insurance/readers.ts';
import { type KeyMaker, openKeyMaker } from './keys.ts';
import { fillMedicines } from './medicines/fillMedicines.ts';
import {
  demonstrationPassword,
  demonstrationPin,
  institutions,
  invited,
  patients,
  type StaffMember,
  staff,
} from './people.ts';
import { type Cast, follow, issue, type TokenContract } from './perform.ts';
import { openRecordBrowser, type SignerBrowser } from './recordBrowser.ts';
import { sharing } from './records/sharing.ts';
import { type ScenarioItem, scenario } from './scenario.ts';
import { letSoftwareSign, type Software } from './software.ts';
import { fillSupply } from './supply/fillSupply.ts';

/**
 * Fills an empty network with the demonstration's institutions, people, prescriptions, records, formulary and supply chain, through the same services
 * and the same checked signing that their browsers use. Takes up what an interrupted start left; answers the token of the
 * open invitation.
 */
export async function fillNetwork(options: {
  settings: Env;
  connectorProfile: string;
  /** Prescriptions of the scenario, and what there is of records, that are done already. */
  done: readonly string[];
  /** Told of each one that is done now, one after another. */
  note: (key: string) => Promise<void>;
  software?: Software;
}): Promise<{ invitation: string; purses: string[]; houses: House[] }> {
  const { settings, done, software } = options;
  const note = inTurn(options.note);
  const portal = openPortal(settings);
  const registrars = openRegistrars(options.connectorProfile);
  const keyMaker = openKeyMaker({ password: demonstrationPassword, pin: demonstrationPin });
  try {
    await Promise.all(
      institutions.map(async (institution) => {
        await createInstitution(operator, institution, portal);
        await registrars.admit(institution);
      }),
    );
    const enrolled = await enrolEverybody(portal, registrars, keyMaker);
    const signerOf = signers(portal, keyMaker, enrolled);
    await giveInstitutionKeys(portal, signerOf, enrolled);
    const idOf = (email: string) => {
      const { subjectId: id, name } = find(enrolled, email).actor;
      return { id, name };
    };
    const token = { rpcUrl: settings.ETHEREUM_RPC_URL, address: hexAddress(settings.PRESCRIPTION_TOKEN_ADDRESS) };
    const browserOf = browsers(portal, signerOf);
    const records = new Map(patients.map(({ email }) => [email as string, Promise.withResolvers<void>()]));
    const seenBy = async (doctor: string, patient: string) => {
      await records.get(patient)?.promise;
      return readSeen(portal, await browserOf(doctor), idOf(patient).id);
    };
    await Promise.all([
      playScenario(portal, token, { signerOf, enrolled, seenBy }, done, note),
      fillRecords(portal, { idOf, browserOf }, done, note, (email) => records.get(email)?.resolve()),
      fillSupply(portal, registrars, signerOf, done, note),
      fillMedicines(portal, { signerOf, idOf, browserOf }, done, note),
      fillInsurance(portal, signerOf).then(() => fillClaims(portal, signerOf)),
      ...(software ? [letSoftwareSign(portal, registrars, signerOf, (email) => idOf(email).id, software)] : []),
    ]);
    const { personId } = await ensureAccount(portal, patientAccount(invited), invited.channel);
    const invitation = await invitePerson(operator, { personId, days: 90 }, portal);
    const [purses, houses] = await Promise.all([pursesOf(portal, signerOf), housesOf(signerOf)]);
    return { invitation: invitation.token, purses, houses };
  } finally {
    await keyMaker.close();
    registrars.close();
    await portal.close();
  }
}

/** People by their e-mail. */
type Everybody = Map<string, Enrolled>;

/** Enrols staff and patients side by side, each with a signing PIN. */
async function enrolEverybody(portal: Portal, registrars: Registrars, keyMaker: KeyMaker): Promise<Everybody> {
  const enrolled: Everybody = new Map();
  const accounts: { person: NewPerson; account: Account }[] = [];
  for (const member of staff) {
    const person = staffAccount(member);
    accounts.push({ person, account: await ensureAccount(portal, person) });
  }
  for (const patient of patients) {
    const person = patientAccount(patient);
    accounts.push({ person, account: await ensureAccount(portal, person, patient.channel) });
  }
  await Promise.all(
    accounts.map(async ({ person, account }) => {
      const { institutionId, licence, mspId, role } = person;
      if (!account.enrolled && institutionId && licence && role !== 'patient') {
        await registrars.register({ id: account.subjectId, institutionId, role, licence, mspId });
      }
      const participant = await ensureEnrolled(portal, keyMaker, person, account);
      enrolled.set(person.email, await ensureCredential(portal, keyMaker, participant));
    }),
  );
  return enrolled;
}

/** The reading key of every institution for all of its staff: patients share records with it, the authority's opens its registers. */
async function giveInstitutionKeys(portal: Portal, signerOf: SignerOf, enrolled: Everybody): Promise<void> {
  await Promise.all(
    institutions.map(async ({ id }) => {
      const members = staff
        .filter(({ institutionId }) => institutionId === id)
        .map(({ email, role }) => ({ role, email, participant: find(enrolled, email) }));
      const admin = members.find(({ role }) => role === 'admin');
      if (!admin) throw new Error(`${id} has no admin.`);
      const people = members.map(({ participant }) => participant);
      await ensureInstitutionKey(portal, id, await signerOf(admin.email), people);
    }),
  );
}

type SignerOf = (email: string) => Promise<Signer>;
/** What a doctor sees of a patient's record, once it is there. */
type SeenBy = (doctor: string, patient: string) => Promise<Seen>;

/** People with their keys; each vault is opened once. */
function signers(portal: Portal, keyMaker: KeyMaker, enrolled: Everybody): SignerOf {
  const open = new Map<string, Promise<Signer>>();
  const signer = async (email: string): Promise<Signer> => {
    const person = find(enrolled, email);
    return { ...person, ...(person.held ?? (await openHeld(portal, keyMaker, person.actor))) };
  };
  return (email) => {
    const known = open.get(email) ?? signer(email);
    open.set(email, known);
    return known;
  };
}

/** People's browsers; each is opened once. */
function browsers(portal: Portal, signerOf: SignerOf): (email: string) => Promise<SignerBrowser> {
  const open = new Map<string, Promise<SignerBrowser>>();
  return (email) => {
    const known = open.get(email) ?? signerOf(email).then((person) => openRecordBrowser(portal, person));
    open.set(email, known);
    return known;
  };
}

/** Tells one thing after another, however many are told at once. */
function inTurn(note: (key: string) => Promise<void>): (key: string) => Promise<void> {
  let noted = Promise.resolve();
  return (key) => {
    noted = noted.then(() => note(key));
    return noted;
  };
}

/**
 * Issues the prescriptions that are not done yet, last those for which a record is read first. Each doctor's wallet sends one
 * transaction after another; what pharmacies do meanwhile runs beside it.
 */
async function playScenario(
  portal: Portal,
  token: TokenContract,
  { signerOf, enrolled, seenBy }: { signerOf: SignerOf; enrolled: Everybody; seenBy: SeenBy },
  done: readonly string[],
  note: (key: string) => Promise<void>,
): Promise<void> {
  const sharers = new Set<string>(sharing.map(({ patient }) => patient));
  const left = scenario
    .filter(({ key }) => !done.includes(key))
    .sort((one, other) => Number(sharers.has(one.patient)) - Number(sharers.has(other.patient)));
  const doctors = new Set(left.map(({ doctor }) => doctor));
  const acting = new Set(left.flatMap(({ doctor, pharmacy }) => (pharmacy ? [doctor, pharmacy.pharmacist] : [doctor])));
  const signers = new Map<string, Signer>();
  for (const email of acting) signers.set(email, await signerOf(email));
  await Promise.all(
    [...doctors].map(async (doctor) => {
      const followed: Promise<void>[] = [];
      for (const item of left.filter((each) => each.doctor === doctor)) {
        const seen = () => seenBy(doctor, item.patient);
        const cast = { ...castOf(item, enrolled, signers), seen };
        const issued = await issue(portal, token, item, cast);
        const ended = follow(portal, item, cast, issued).then(() => note(item.key));
        // A failure is thrown below; until then it must not count as unhandled.
        ended.catch(() => undefined);
        followed.push(ended);
      }
      await Promise.all(followed);
    }),
  );
}

function castOf(item: ScenarioItem, enrolled: Everybody, signers: Map<string, Signer>): Omit<Cast, 'seen'> {
  const details = patients.find(({ email }) => email === item.patient);
  if (!details) throw new Error(`There is no patient ${item.patient}.`);
  return {
    doctor: find(signers, item.doctor),
    patient: { ...find(enrolled, item.patient), details },
    pharmacist: item.pharmacy ? find(signers, item.pharmacy.pharmacist) : undefined,
  };
}

function find<T>(people: Map<string, T>, email: string): T {
  const person = people.get(email);
  if (!person) throw new Error(`Nobody is enrolled as ${email}.`);
  return person;
}

function hexAddress(text: string): `0x${string}` {
  return `0x${text.slice(2)}`;
}

const dayMs = 24 * 60 * 60 * 1000;

/** What the portal is told of a member of staff; the licence is valid for three more years. */
export function staffAccount({ role, name, email, institutionId, licence }: StaffMember) {
  const mspId = institutions.find(({ id }) => id === institutionId)?.mspId ?? '';
  const today = Math.floor(Date.now() / dayMs) * dayMs;
  const validFrom = new Date(today - 400 * dayMs).toISOString();
  const validTo = new Date(today + 3 * 365 * dayMs).toISOString();
  return { role, name, email, institutionId, mspId, licence: { ...licence, validFrom, validTo } };
}

/** What the portal is told of a patient. */
export function patientAccount({ channel: _, ...patient }: (typeof patients)[number] | typeof invited): NewPerson {
  return { ...patient, treatedAt: [...patient.treatedAt], role: 'patient', mspId: 'PatientMSP' };
}
