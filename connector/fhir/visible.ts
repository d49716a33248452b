import { systems } from '#fhir/coding.ts';
import { medicationRequest as written } from '#fhir/medicationRequest.ts';
import { heldPart, type KeptIdentifier, type KeptPrescription } from './kept.ts';
import { learn } from './learn.ts';
import { refuse } from './refusal.ts';
import type { Asked } from './resourceType.ts';
import { isNamed } from './searchValues.ts';

/** What of the kept prescriptions a client may see, and by which names it finds them. */

/** The client may ask in the practitioner's name: 403. */
export function requirePractitioner({ access }: Pick<Asked, 'access'>, practitioner: string): void {
  if (actsFor({ access }, practitioner)) return;
  throw refuse(403, 'forbidden', `this client may not ask in the name of ${practitioner}`);
}

/** Whether the client may ask in the name of one of them. */
export const actsFor = ({ access }: Pick<Asked, 'access'>, ...practitioners: (string | undefined)[]): boolean => {
  const { practitioners: own } = access.client;
  return own === undefined || practitioners.some((one) => one !== undefined && own.has(one));
};

/** Who asks in nobody's name of a prescription has no business with what it says. */
export const maySee = (asked: Pick<Asked, 'access'>, kept: KeptPrescription): boolean =>
  actsFor(asked, kept.practitioner, heldPart(kept)?.practitioner);

/** What was issued or taken on here, with what the ledger says of it: 404. */
export async function keptAndSeen(asked: Pick<Asked, 'site' | 'access'>, type: string, id: string) {
  const kept = asked.site.kept.find(id);
  const seen = kept && maySee(asked, kept) ? await asked.site.ledger.prescription(id) : undefined;
  if (!kept || !seen) throw refuse(404, 'not-found', `there is no ${type}/${id}`);
  return { kept: await learn(asked.site, kept, seen), seen };
}

interface Names {
  patient: KeptIdentifier[];
  own: KeptIdentifier[];
  authoredOn: string;
}
/** Of each as it is kept, which is replaced and never changed. */
const names = new WeakMap<KeptPrescription, Names>();

/** By what a prescription is found: those of its patient, its own, and when it was written. */
export function namesOf(kept: KeptPrescription): Names {
  const known = names.get(kept);
  if (known) return known;
  const { contained, identifier, authoredOn } = written.parse(JSON.parse(kept.document));
  const [patient] = contained;
  const made = {
    patient: [{ system: systems.pseudonym, value: kept.patient }, ...(patient.identifier ?? [])],
    own: [...identifier, ...kept.identifiers],
    authoredOn,
  };
  names.set(kept, made);
  return made;
}

export const patientParameters = ['patient:identifier', 'patient.identifier', 'subject:identifier'] as const;

/** Whether the patient of these identifiers is the one whom the parameters name. */
export const isOfPatient = (params: URLSearchParams, identifiers: readonly KeptIdentifier[]): boolean =>
  patientParameters.every((name) => params.getAll(name).every((token) => isNamed(identifiers, token)));
