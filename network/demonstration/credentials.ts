import { listSecondFactors } from '#server/people/secondFactors.ts';
import type { Portal } from '#server/portal.ts';
import type { TransactionIntent } from '#server/transactions/schema.ts';
import { type Enrolled, renewPin } from './accounts.ts';
import type { KeyMaker } from './keys.ts';
import { transact } from './transact.ts';

/** Records the person's signing PIN on the ledger, unless it has one; answers the person with the keys where they were opened. */
export async function ensureCredential(portal: Portal, keyMaker: KeyMaker, person: Enrolled): Promise<Enrolled> {
  const { actor } = person;
  if ((await listSecondFactors(actor, undefined, portal)).length > 0) return person;
  const { held, credential } =
    person.held && person.credential
      ? { held: person.held, credential: person.credential }
      : await renewPin(portal, keyMaker, person);
  const { subjectId } = actor;
  const intent: TransactionIntent =
    actor.role === 'patient'
      ? { kind: 'patients:addCredential', pseudonym: subjectId, credential }
      : { kind: 'addCredential', subject: subjectId, credential };
  await transact(portal, { ...person, ...held }, intent);
  return { ...person, held, credential };
}
