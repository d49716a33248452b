import type { VaultContents } from '#crypto/vaultContents.ts';
import type { Env } from '#server/env.ts';
import { createInstitution, invitePerson, type NewPerson } from '#server/people/accounts.ts';
import { operator } from '#server/people/policy.ts';
import { openPortal, type Portal } from '#server/portal.ts';
import { openRegistrars, type Registrars } from '../registrars.ts';
import { type Account, ensureAccount, ensureEnrolled, openKeys, type Participant, type Signer } from './accounts.ts';
import { type KeyMaker, openKeyMaker } from './keys.ts';
import { demonstrationPassword, institutions, invited, patients, type StaffMember, staff } from './people.ts';
import { type Cast, follow, issue, type TokenContract } from './perform.ts';
import { type ScenarioItem, scenario } from './scenario.ts';

/**
 * Fills an empty network with the demonstration's institutions, people and prescriptions, through the same services and
 * the same checked signing that their browsers use. Takes up what an interrupted start left; answers the token of the
 * open invitation.
 */
export async function fillNetwork(options: {
  settings: Env;
  connectorProfile: string;
  /** Prescriptions of the scenario that are done already. */
  done: readonly string[];
  /** Told of each one that is done now. */
  note: (key: string) => Promise<void>;
}): Promise<{ invitation: string }> {
  const { settings, done, note } = options;
  const portal = openPortal(settings);
  const registrars = openRegistrars(options.connectorProfile);
  const keyMaker = openKeyMaker(demonstrationPassword);
  try {
    await Promise.all(
      institutions.map(async (institution) => {
        await createInstitution(operator, institution, portal);
        await registrars.admit(institution);
      }),
    );
    const enrolled = await enrolEverybody(portal, registrars, keyMaker);
    const token = { rpcUrl: settings.ETHEREUM_RPC_URL, address: hexAddress(settings.PRESCRIPTION_TOKEN_ADDRESS) };
    await playScenario(portal, token, keyMaker, enrolled, done, note);
    const { personId } = await ensureAccount(portal, patientAccount(invited), invited.channel);
    const invitation = await invitePerson(operator, { personId, days: 90 }, portal);
    return { invitation: invitation.token };
  } finally {
    await keyMaker.close();
    registrars.close();
    await portal.close();
  }
}

type Enrolled = Map<string, Participant & { keys?: VaultContents }>;

/** Enrols staff and patients side by side; answers them by e-mail. */
async function enrolEverybody(portal: Portal, registrars: Registrars, keyMaker: KeyMaker): Promise<Enrolled> {
  const enrolled: Enrolled = new Map();
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
      enrolled.set(person.email, await ensureEnrolled(portal, keyMaker, person, account));
    }),
  );
  return enrolled;
}

/**
 * Issues the prescriptions that are not done yet. Each doctor's wallet sends one transaction after another; what pharmacies
 * do meanwhile runs beside it.
 */
async function playScenario(
  portal: Portal,
  token: TokenContract,
  keyMaker: KeyMaker,
  enrolled: Enrolled,
  done: readonly string[],
  note: (key: string) => Promise<void>,
): Promise<void> {
  const left = scenario.filter(({ key }) => !done.includes(key));
  const doctors = new Set(left.map(({ doctor }) => doctor));
  const acting = new Set(left.flatMap(({ doctor, pharmacy }) => (pharmacy ? [doctor, pharmacy.pharmacist] : [doctor])));
  const signers = new Map<string, Signer>();
  for (const email of acting) {
    const person = find(enrolled, email);
    const keys = person.keys ?? (await openKeys(portal, keyMaker, person.actor.personId));
    signers.set(email, { ...person, keys });
  }
  let noted = Promise.resolve();
  await Promise.all(
    [...doctors].map(async (doctor) => {
      const followed: Promise<void>[] = [];
      for (const item of left.filter((each) => each.doctor === doctor)) {
        const cast = castOf(item, enrolled, signers);
        const issued = await issue(portal, token, item, cast);
        const ended = follow(portal, item, cast, issued).then(() => {
          noted = noted.then(() => note(item.key));
          return noted;
        });
        // A failure is thrown below; until then it must not count as unhandled.
        ended.catch(() => undefined);
        followed.push(ended);
      }
      await Promise.all(followed);
    }),
  );
}

function castOf(item: ScenarioItem, enrolled: Enrolled, signers: Map<string, Signer>): Cast {
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

function patientAccount({ channel: _, ...patient }: (typeof patients)[number] | typeof invited): NewPerson {
  return { ...patient, treatedAt: [...patient.treatedAt], role: 'patient', mspId: 'PatientMSP' };
}
