import { patientPseudonym } from '#chaincode/model/identifiers.ts';
import { AppError } from '#server/errors.ts';
import type { Actor } from '../people/schema.ts';
import * as facts from './facts.ts';
import { type RecordFacts, whichRecord } from './schema.ts';

/** The own record, or one that the actor has to do with; undefined where there is none. */
export async function findRecord(
  actor: Actor,
  which: { personId?: string; pseudonym?: string } = {},
): Promise<RecordFacts | undefined> {
  const parsed = whichRecord.safeParse(which);
  if (!parsed.success) return undefined;
  try {
    return await facts.recordOf(actor, parsed.data);
  } catch (error) {
    if (error instanceof AppError && error.code === 'FORBIDDEN') return undefined;
    throw error;
  }
}

/** The record that an address names by pseudonym, or the own one where it names none; undefined where the actor has none such. */
export async function findNamedRecord(
  actor: Actor,
  named: string | string[] | undefined,
): Promise<RecordFacts | undefined> {
  if (named === undefined) return findRecord(actor);
  const pseudonym = patientPseudonym.safeParse(named);
  return pseudonym.success ? findRecord(actor, { pseudonym: pseudonym.data }) : undefined;
}
