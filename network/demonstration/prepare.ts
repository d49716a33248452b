import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { readEnv } from '#server/env.ts';
import { createInstitution, invitePerson, type NewPerson } from '#server/people/accounts.ts';
import { operator } from '#server/people/policy.ts';
import type { Role } from '#server/people/schema.ts';
import { openPortal, type Portal } from '#server/portal.ts';
import { replaceFile } from '../processes/replaceFile.ts';
import { type Account, ensureAccount, ensureEnrolled, type Participant } from './accounts.ts';
import { type KeyMaker, openKeyMaker } from './keys.ts';
import { demonstrationPassword, institutions, invited, patients, type StaffMember, staff } from './people.ts';
import { openRegistrars, type Registrars } from './registry.ts';

export interface DemonstrationOptions {
  /** Settings of the portal, as its process gets them. */
  settings: Record<string, string>;
  /** Profile of the connector, whose registrars admit institutions and register practitioners. */
  connectorProfile: string;
  /** Where is kept how far the preparation came; a second start finds it done. */
  file: string;
}

export interface Demonstration {
  people: { role: Role; name: string; email: string; password: string; institution: string }[];
  /** Link with which Mira Holm can enrol. */
  invitation: string;
}

const progress = z.object({
  /** Everybody is enrolled. */
  enrolled: z.boolean(),
  /** Token of the open invitation. */
  invitation: z.string().optional(),
  /** Prescriptions of the scenario that are done. */
  done: z.array(z.string()),
});
type Progress = z.infer<typeof progress>;

/**
 * Fills an empty network with the demonstration's institutions, people and prescriptions, through the same services and
 * the same checked signing that their browsers use. A step that was done before is not repeated.
 */
export async function prepareDemonstration(options: DemonstrationOptions): Promise<Demonstration> {
  const kept = readProgress(options.file);
  const settings = readEnv(options.settings);
  const answer = (token: string): Demonstration => ({
    people: everybody(),
    invitation: `${settings.MEDLOOM_URL}/enrol#${token}`,
  });
  if (kept.enrolled && kept.invitation) return answer(kept.invitation);

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
    await enrolEverybody(portal, registrars, keyMaker);
    const { personId } = await ensureAccount(portal, patientAccount(invited), invited.channel);
    const { token } = await invitePerson(operator, { personId, days: 90 }, portal);
    await replaceFile(options.file, JSON.stringify({ ...kept, enrolled: true, invitation: token }));
    return answer(token);
  } finally {
    await keyMaker.close();
    registrars.close();
    await portal.close();
  }
}

/** Enrols staff and patients side by side; by e-mail. */
async function enrolEverybody(
  portal: Portal,
  registrars: Registrars,
  keyMaker: KeyMaker,
): Promise<Map<string, Participant>> {
  const enrolled = new Map<string, Participant>();
  const enrolOne = async (person: NewPerson, account: Account) => {
    enrolled.set(person.email, await ensureEnrolled(portal, keyMaker, person, account));
  };
  await Promise.all([
    ...staff.map(async (member) => {
      const person = staffAccount(member);
      const account = await ensureAccount(portal, person);
      const { institutionId, role } = member;
      const { id, licence, mspId } = { id: account.subjectId, licence: person.licence, mspId: person.mspId };
      if (!account.enrolled) await registrars.register({ id, institutionId, role, licence, mspId });
      await enrolOne(person, account);
    }),
    ...patients.map(async (patient) => {
      const person = patientAccount(patient);
      await enrolOne(person, await ensureAccount(portal, person, patient.channel));
    }),
  ]);
  return enrolled;
}

const dayMs = 24 * 60 * 60 * 1000;

function staffAccount({ role, name, email, institutionId, licence }: StaffMember) {
  const mspId = institutions.find(({ id }) => id === institutionId)?.mspId ?? '';
  const today = Math.floor(Date.now() / dayMs) * dayMs;
  const validFrom = new Date(today - 400 * dayMs).toISOString();
  const validTo = new Date(today + 3 * 365 * dayMs).toISOString();
  return { role, name, email, institutionId, mspId, licence: { ...licence, validFrom, validTo } };
}

function patientAccount({ channel: _, ...patient }: (typeof patients)[number] | typeof invited): NewPerson {
  return { ...patient, treatedAt: [...patient.treatedAt], role: 'patient', mspId: 'PatientMSP' };
}

function everybody(): Demonstration['people'] {
  const nameOf = (institutionId: string) => institutions.find(({ id }) => id === institutionId)?.name ?? '';
  const password = demonstrationPassword;
  return [
    ...staff.map(({ role, name, email, institutionId }) => ({
      ...{ role, name, email, password },
      institution: nameOf(institutionId),
    })),
    ...patients.map(({ name, email }) => ({ role: 'patient' as const, name, email, password, institution: '' })),
  ];
}

function readProgress(file: string): Progress {
  if (!existsSync(file)) return { enrolled: false, done: [] };
  return progress.parse(JSON.parse(readFileSync(file, 'utf8')));
}
