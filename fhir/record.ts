import type { Category } from '#chaincode/model/category.ts';
import { labelOf } from './category.ts';
import { FhirError, readJson } from './parse.ts';
import { type Bundle, bundle } from './r4/bundle.ts';
import { checkResource, type RecordResource, type ResourceIssue } from './r4/resource.ts';

/**
 * A document of the record: a FHIR collection Bundle with resources of one category, encrypted as one block. References in it
 * are relative (`Encounter/…`), and the patient's id is the pseudonym.
 */

/** Encrypted, it fits a block of 256 KiB. */
export const maximumRecord = 200 * 1024;

/** A resource of a record has an id of its own. */
export type Identified<Resource extends RecordResource = RecordResource> = Resource & { id: string };
export const isIdentified = (resource: RecordResource): resource is Identified => resource.id !== undefined;

/** Relative references are resolved against an entry's address; this one is nobody's, since a record lies nowhere in the open. */
const recordBase = 'https://record.invalid';
export const recordEntry = (resource: Identified) => ({
  fullUrl: `${recordBase}/${resource.resourceType}/${resource.id}`,
  resource,
});

/** Writes the Bundle, labelled with its category, as UTF-8 JSON. Throws `FHIR_TOO_LARGE`. */
export function encodeRecord(category: Category, resources: readonly Identified[], at: Date): Uint8Array<ArrayBuffer> {
  const written: Bundle = {
    resourceType: 'Bundle',
    meta: { security: [labelOf(category)] },
    type: 'collection',
    timestamp: at.toISOString(),
    entry: resources.map(recordEntry),
  };
  const bytes = new Uint8Array(new TextEncoder().encode(JSON.stringify(written)));
  if (bytes.length > maximumRecord) throw new FhirError('FHIR_TOO_LARGE', `${bytes.length} bytes`);
  return bytes;
}

/** What a decrypted document says. What does not check is told and not dropped, so that nobody takes it for all there is. */
export interface ReadRecord {
  resources: Identified[];
  unread: { entry: number; issues: ResourceIssue[] }[];
}

/** Reads a decrypted document. Throws `FhirError` where it is no Bundle. */
export function readRecord(bytes: Uint8Array): ReadRecord {
  const parsed = bundle.safeParse(readJson(bytes, maximumRecord));
  if (!parsed.success)
    throw new FhirError('FHIR_MALFORMED', parsed.error.issues.map(({ path }) => path.join('.')).join(', '));
  const read: ReadRecord = { resources: [], unread: [] };
  const ids = new Set<string>();
  for (const [entry, { resource }] of parsed.data.entry.entries()) {
    const type = resource.resourceType;
    const checked = checkResource(resource);
    const refuse = (issues: ResourceIssue[]) => read.unread.push({ entry, issues });
    if (!checked.ok) refuse(checked.issues);
    else if (!isIdentified(checked.resource)) refuse([{ path: `${type}.id`, reason: 'must be given' }]);
    else if (ids.has(`${type}/${checked.resource.id}`)) refuse([{ path: `${type}.id`, reason: 'is given twice' }]);
    else {
      ids.add(`${type}/${checked.resource.id}`);
      read.resources.push(checked.resource);
    }
  }
  return read;
}
