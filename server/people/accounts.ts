import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { type Database, isUniqueViolation } from '../gateways/db/database.ts';
import { careRelationships, institutions, invitations, nameTokens, people } from '../gateways/db/schema/people.ts';
import { newPractitionerId } from '../gateways/ledger/topology.ts';
import { isIdentifier, normaliseEmail, normaliseIdentifier } from './personalData.ts';
import { allowOperator, type Operator } from './policy.ts';
import { licence, personDetails, sealedDetails, sealedEmail, sealedName } from './record.ts';
import { roles } from './schema.ts';
import { newToken, tokenHash } from './token.ts';

const newInstitution = z.object({
  id: z.string().regex(/^inst-[a-z0-9-]{8,40}$/),
  kind: z.enum(['hospital', 'pharmacy', 'insurer', 'manufacturer', 'distributor', 'authority']),
  name: z.string().min(2).max(120),
  mspId: z.string(),
  place: z.string().max(120).default(''),
});
export type NewInstitution = z.input<typeof newInstitution>;

/** Records what the screens show of an institution, or brings it up to date. The ledger's entry is made apart. */
export async function createInstitution(
  actor: Operator,
  input: NewInstitution,
  portal: Portal = thePortal(),
): Promise<{ institutionId: string }> {
  allowOperator(actor);
  const values = newInstitution.parse(input);
  const { id: _, ...set } = values;
  await portal.db.insert(institutions).values(values).onConflictDoUpdate({ target: institutions.id, set });
  return { institutionId: values.id };
}

export const newPerson = z
  .object({
    role: z.enum(roles),
    mspId: z.string(),
    /** Institution of staff; absent for a patient. */
    institutionId: z.string().optional(),
    /** Institutions that treat a patient. */
    treatedAt: z.array(z.string()).default([]),
    name: z.string().trim().min(2).max(120),
    email: z.email().max(254),
    birthDate: z.iso.date().optional(),
    sex: personDetails.shape.sex.default('unknown'),
    identifier: z.string().refine(isIdentifier).optional(),
    licence: licence.optional(),
  })
  .refine((person) => (person.role === 'patient') === (person.institutionId === undefined), {
    message: 'staff belong to an institution and patients to none',
  });
export type NewPerson = z.input<typeof newPerson>;

/**
 * Creates a person without keys. The subject id is made here: `prac-…`, or a pseudonym that names its care channel.
 * Throws ALREADY_EXISTS when the e-mail or the identifier is taken, LEDGER_UNAVAILABLE.
 */
export async function createPerson(
  actor: Operator,
  input: NewPerson,
  portal: Portal = thePortal(),
): Promise<{ personId: string; subjectId: string }> {
  allowOperator(actor);
  return recordPerson(portal, newPerson.parse(input));
}

/**
 * Writes a person whom somebody may create; a patient without e-mail is a ward. Throws ALREADY_EXISTS when the e-mail or the
 * identifier is taken.
 */
export async function recordPerson(
  portal: Portal,
  person: Omit<z.output<typeof newPerson>, 'email'> & { email?: string },
  status: 'active' | 'unregistered' = 'active',
): Promise<{ personId: string; subjectId: string }> {
  const { personalData } = portal;
  const id = randomUUID();
  const subjectId = person.role === 'patient' ? await portal.ledger.newPseudonym() : newPractitionerId();
  const details = { birthDate: person.birthDate ?? '', sex: person.sex, identifier: person.identifier ?? '' };
  const identifier = person.identifier === undefined ? null : normaliseIdentifier(person.identifier);
  const email = person.email === undefined ? null : normaliseEmail(person.email);
  try {
    await portal.db.transaction(async (tx) => {
      await tx.insert(people).values({
        id,
        role: person.role,
        mspId: person.mspId,
        institutionId: person.institutionId ?? null,
        subjectId,
        nameSealed: personalData.seal(sealedName(id), person.name),
        detailsSealed: personalData.seal(sealedDetails(id), details),
        emailSealed: email === null ? null : personalData.seal(sealedEmail(id), email),
        emailIndex: email === null ? null : personalData.index('email', email),
        identifierIndex: identifier === null ? null : personalData.index('identifier', identifier),
        licence: person.licence ?? null,
        status,
      });
      for (const institutionId of person.treatedAt) {
        await tx.insert(careRelationships).values({ patientId: id, institutionId });
        const tokens = personalData.nameTokens(institutionId, person.name);
        await tx.insert(nameTokens).values(tokens.map((token) => ({ institutionId, token, personId: id })));
      }
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw new AppError('ALREADY_EXISTS', 'e-mail or identifier is taken');
    throw error;
  }
  return { personId: id, subjectId };
}

/** Makes an invitation for a person to make keys; the token goes into a link's fragment and works once, for a week. */
export async function invitePerson(
  actor: Operator,
  input: { personId: string; days?: number },
  portal: Portal = thePortal(),
): Promise<{ token: string }> {
  allowOperator(actor);
  const { token } = await recordInvitation(portal.db, input.personId, input.days);
  return { token };
}

/** Writes an invitation, whose token is told once. */
export async function recordInvitation(
  db: Database,
  personId: string,
  days = 7,
  purpose: 'enrolment' | 'reenrolment' = 'enrolment',
): Promise<{ token: string; expiresAt: Date }> {
  const token = newToken();
  const expiresAt = new Date(Date.now() + days * 86_400_000);
  await db.insert(invitations).values({ tokenHash: tokenHash(token), personId, purpose, expiresAt });
  return { token, expiresAt };
}
