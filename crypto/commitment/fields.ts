import { fromUtf8, toHex } from '../bytes.ts';
import type { Json } from '../canonicalJson.ts';
import { sha256 } from '../derive.ts';

/**
 * What can be shown of a prescription one by one, in the order of the tree's leaves: what tends to be shown together stands
 * together, so that one hash hides the rest. The list belongs to version 2 of the commitment and never changes.
 */
export const commitmentFields = [
  'medicine',
  'dosage',
  'quantity',
  'repeats',
  'substitution',
  'authoredOn',
  'validity',
  'prescriber',
  'institution',
  'patientName',
  'patientBirthDate',
  'patientIdentifier',
  'reason',
  'note',
  'safety',
  /** SHA-256 of the whole document in hex: binds also what is no field of its own. */
  'document',
] as const;

export type CommitmentField = (typeof commitmentFields)[number];

type JsonObject = { [name: string]: Json };

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);
const at = (value: Json | undefined, ...path: string[]): Json =>
  path.reduce<Json>((inner, name) => (isObject(inner) ? (inner[name] ?? null) : null), value ?? null);
/** Null where there is nothing: whether a field is there is not to be seen either. */
const unlessEmpty = (list: Json[]): Json => (list.length === 0 ? null : list);
const only = (value: Json, ...names: string[]): JsonObject =>
  Object.fromEntries(names.flatMap((name) => (at(value, name) === null ? [] : [[name, at(value, name)]])));

/** The requester's display is `name, institution`; a name alone has no comma. */
function splitDisplay(display: Json): { name: Json; institution: Json } {
  if (typeof display !== 'string') return { name: null, institution: null };
  const comma = display.indexOf(', ');
  if (comma < 0) return { name: display, institution: null };
  return { name: display.slice(0, comma), institution: display.slice(comma + 2) };
}

const parse = (document: Uint8Array): Json => JSON.parse(fromUtf8(document));

/** Each field's value out of a FHIR R4 MedicationRequest (UTF-8 JSON), as the resource has it; null where it has none. */
export function fieldValues(document: Uint8Array): Record<CommitmentField, Json> {
  const request = parse(document);
  const contained = listOf(at(request, 'contained'));
  const patient = contained.find((resource) => at(resource, 'resourceType') === 'Patient');
  const others = contained.filter((resource) => at(resource, 'resourceType') !== 'Patient');
  const requester = at(request, 'requester');
  const { name, institution } = splitDisplay(at(requester, 'display'));
  const members = (list: string, ...names: string[]) =>
    unlessEmpty(listOf(at(request, list)).map((entry) => only(entry, ...names)));
  return {
    medicine: at(request, 'medicationCodeableConcept'),
    dosage: members('dosageInstruction', 'text', 'patientInstruction'),
    quantity: at(request, 'dispenseRequest', 'quantity'),
    repeats: at(request, 'dispenseRequest', 'numberOfRepeatsAllowed'),
    substitution: at(request, 'substitution'),
    authoredOn: at(request, 'authoredOn'),
    validity: at(request, 'dispenseRequest', 'validityPeriod'),
    prescriber: name === null ? null : { name, ...only(requester, 'identifier') },
    institution,
    patientName: at(listOf(at(patient, 'name'))[0], 'text'),
    patientBirthDate: at(patient, 'birthDate'),
    patientIdentifier: at(patient, 'identifier'),
    reason: unlessEmpty([...listOf(at(request, 'reasonCode')), ...listOf(at(request, 'reasonReference'))]),
    note: members('note', 'text'),
    safety: unlessEmpty([...others, ...listOf(at(request, 'extension')), ...listOf(at(request, 'detectedIssue'))]),
    document: toHex(sha256(document)),
  };
}
