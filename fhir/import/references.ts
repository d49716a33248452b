import { sha256 } from '@noble/hashes/sha2.js';
import { toBase32, utf8 } from '#crypto/bytes.ts';
import { wordsOf } from '../chart/concept.ts';
import { personName } from '../chart/digest.ts';
import {
  type CodeableConcept,
  codeableConcept,
  humanName,
  type Identifier,
  identifier,
  typeOf,
} from '../r4/datatypes.ts';
import { isResourceType } from '../r4/resource.ts';

/** A resource as it came in a Bundle, not checked yet. */
export interface SourceEntry {
  /** Place in the Bundle, from 0. */
  index: number;
  fullUrl?: string | undefined;
  type: string;
  id?: string | undefined;
  resource: Record<string, unknown>;
}

/** What a reference of the Bundle becomes in the record. */
export type Target =
  | { kind: 'patient' }
  /** Another patient than the one whose record it is. */
  | { kind: 'stranger' }
  | { kind: 'kept'; reference: string }
  /** Who or what is not kept as a resource: its name stands where it is referred to. */
  | { kind: 'named'; display?: string; identifier?: Identifier; medication?: CodeableConcept };

/** Types whose name is kept where entries refer to them, and which have no entry of their own in a record. */
export const namedTypes: ReadonlySet<string> = new Set([
  ...['Practitioner', 'PractitionerRole', 'Organization', 'Location', 'Device', 'Specimen', 'Medication'],
  ...['RelatedPerson', 'CareTeam', 'Composition', 'Provenance'],
]);

/** Finds what references of a Bundle mean. */
export class ReferenceMap {
  readonly #byAddress = new Map<string, SourceEntry>();
  /** Address of the patient whose record it is; absent where the Bundle refers to none. */
  readonly #patient: SourceEntry | string | undefined;

  constructor(entries: readonly SourceEntry[]) {
    for (const entry of entries) {
      for (const address of addressesOf(entry)) {
        if (!this.#byAddress.has(address)) this.#byAddress.set(address, entry);
      }
    }
    this.#patient = entries.find(({ type }) => type === 'Patient') ?? firstPatientReference(entries);
  }

  /** Whether a resource of type Patient is the one whose record it is. */
  isPatient(entry: SourceEntry): boolean {
    return entry === this.#patient;
  }

  /** Undefined for an address outside of the Bundle, which stays as it is. */
  resolve(written: string): Target | undefined {
    const address = written.replace(/\/_history\/[^/]+$/, '');
    const entry = this.#byAddress.get(address) ?? this.#ofUnknownServer(address);
    if (entry === undefined) return this.#outside(address);
    if (entry.type === 'Patient') return entry === this.#patient ? { kind: 'patient' } : { kind: 'stranger' };
    if (!isResourceType(entry.type)) return nameOf(entry);
    return { kind: 'kept', reference: `${entry.type}/${idFor(entry)}` };
  }

  /** `https://…/Observation/5` for an entry that says no address but its id. */
  #ofUnknownServer(address: string): SourceEntry | undefined {
    const entry = this.#byAddress.get(relativePart(address));
    return entry?.fullUrl === undefined || entry.fullUrl.startsWith('urn:') ? entry : undefined;
  }

  #outside(address: string): Target | undefined {
    if (typeOf(address) === 'Patient') {
      return address === this.#patient ? { kind: 'patient' } : { kind: 'stranger' };
    }
    // What can be found on the web stays; a relative address or a urn leads nowhere without its Bundle.
    return /^https?:\/\//.test(address) ? undefined : { kind: 'named' };
  }
}

const relativePart = (address: string) => /([A-Z][A-Za-z]+\/[A-Za-z0-9.-]{1,64})$/.exec(address)?.[1] ?? address;

function addressesOf({ fullUrl, type, id, resource }: SourceEntry): string[] {
  const conditional = identifiersOf(resource).map(
    ({ system, value }) => `${type}?identifier=${system ?? ''}|${value ?? ''}`,
  );
  return [...(fullUrl === undefined ? [] : [fullUrl]), ...(id === undefined ? [] : [`${type}/${id}`]), ...conditional];
}

function identifiersOf({ identifier: written }: Record<string, unknown>): Identifier[] {
  return (Array.isArray(written) ? written : []).flatMap((each: unknown) => {
    const parsed = identifier.safeParse(each);
    return parsed.success ? [parsed.data] : [];
  });
}

/** Bundles of searches often come without their Patient: then it is the one that the first entry names. */
function firstPatientReference(entries: readonly SourceEntry[]): string | undefined {
  for (const { resource } of entries) {
    const named = referenceOf(resource.subject) ?? referenceOf(resource.patient);
    if (named !== undefined && (typeOf(named) ?? 'Patient') === 'Patient')
      return named.replace(/\/_history\/[^/]+$/, '');
  }
  return undefined;
}
export function referenceOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('reference' in value)) return undefined;
  return typeof value.reference === 'string' ? value.reference : undefined;
}

/** The id in the record: of the address or id that it came with, so that a second import finds the same. */
export function idFor({ fullUrl, type, id, resource }: SourceEntry): string {
  const origin = fullUrl ?? (id === undefined ? JSON.stringify(resource) : `${type}/${id}`);
  return toBase32(sha256(utf8(`medloom/import/v1|${type}|${origin}`))).slice(0, 26);
}

function nameOf({ type, resource }: SourceEntry): Target {
  const [first] = identifiersOf(resource).filter(({ value }) => value !== undefined);
  const display = displayOf(resource);
  const concept = type === 'Medication' ? codeableConcept.safeParse(resource.code) : undefined;
  return {
    kind: 'named',
    ...(display === undefined ? {} : { display }),
    ...(first === undefined ? {} : { identifier: first }),
    ...(concept?.success ? { medication: concept.data } : {}),
  };
}

function displayOf({ name, code, deviceName, type }: Record<string, unknown>): string | undefined {
  if (typeof name === 'string' && name !== '') return name.slice(0, 240);
  const people = humanName.array().safeParse(name);
  if (people.success) return personName({ name: people.data });
  for (const candidate of [code, type]) {
    const concept = codeableConcept.safeParse(candidate);
    if (concept.success && concept.data) return wordsOf(concept.data);
  }
  const [device] = Array.isArray(deviceName) ? deviceName : [];
  return typeof device?.name === 'string' ? device.name : undefined;
}
