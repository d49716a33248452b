import type { Category } from '#chaincode/model/category.ts';
import { categoryOf } from '../category.ts';
import { digest } from '../chart/digest.ts';
import { FhirError, readJson } from '../parse.ts';
import { bundleEntry, importedBundle } from '../r4/bundle.ts';
import { checkResource, isResourceType, type ResourceIssue } from '../r4/resource.ts';
import { type Identified, isIdentified } from '../record.ts';
import { mostFiles, takeFiles } from './files.ts';
import { type Pack, Packer, packBytes } from './pack.ts';
import { idFor, namedTypes, ReferenceMap, type SourceEntry } from './references.ts';
import { rewrite } from './rewrite.ts';

/** Bytes of a Bundle's JSON. */
export const maximumBundle = 64 * 1024 * 1024;

/** What became of an entry. */
export type EntryReport = {
  /** Place in the Bundle, from 0. */
  entry: number;
  type: string;
  /** What it is, in words, where it could be read. */
  title?: string;
} & (
  | { outcome: 'accepted'; category: Category }
  | { outcome: 'duplicate'; of: 'bundle' | 'record' }
  /** Its name stands in the entries that refer to it. */
  | { outcome: 'named' }
  /** Its type has no place in a record: a bill, a plan, a message. */
  | { outcome: 'unkept' }
  | { outcome: 'refused'; issues: ResourceIssue[] }
);
/** Each entry is reported as it is read, and each pack handed out when it is full; the page can pause between any two. */
export type ImportStep = { kind: 'entry'; report: EntryReport } | { kind: 'pack'; pack: Pack };

export interface ImportOptions {
  /** Pseudonym of the patient whose record it becomes. */
  patient: string;
  /** `Type/id` and duplicate keys of what the record has (`y`/`r` and `q` of its entries). */
  known: ReadonlySet<string>;
}

export interface BundleImport {
  /** Entries in all. */
  count: number;
  /** Who the Bundle says that it is about, for the person to compare; absent where it has no Patient. */
  about?: { name: string; birthDate?: string };
  steps: () => Generator<ImportStep, void>;
}

/** Opens a Bundle of type collection, document, searchset, transaction or batch. Throws `FhirError` where it is none. */
export function openBundle(bytes: Uint8Array, options: ImportOptions): BundleImport {
  const parsed = importedBundle.safeParse(readJson(bytes, maximumBundle));
  if (!parsed.success) {
    throw new FhirError(
      'FHIR_MALFORMED',
      parsed.error.issues.map(({ path }) => ['Bundle', ...path].join('.')).join(', '),
    );
  }
  const entries = (parsed.data.entry ?? []).map(sourceOf);
  const sources = entries.filter((entry) => 'resource' in entry);
  const references = new ReferenceMap(sources);
  const about = sources.filter((entry) => references.isPatient(entry)).map(personOf)[0];
  return {
    count: entries.length,
    ...(about === undefined ? {} : { about }),
    steps: () => importEntries(entries, references, options),
  };
}

type Unreadable = { index: number; issues: ResourceIssue[] };

function sourceOf(value: unknown, index: number): SourceEntry | Unreadable {
  const parsed = bundleEntry.safeParse(value);
  if (!parsed.success) {
    const issues = parsed.error.issues.map(({ path, message }) => ({
      path: ['entry', ...path].join('.'),
      reason: message,
    }));
    return { index, issues };
  }
  const { fullUrl, resource } = parsed.data;
  return { index, fullUrl, type: resource.resourceType, id: resource.id, resource };
}

function personOf({ resource }: SourceEntry): BundleImport['about'] {
  const checked = checkResource(resource);
  if (!checked.ok || checked.resource.resourceType !== 'Patient') return undefined;
  const { x } = digest({ ...checked.resource, id: 'patient' }, { document: '', at: '' });
  const { birthDate } = checked.resource;
  return { name: x, ...(birthDate === undefined ? {} : { birthDate }) };
}

function* importEntries(
  entries: readonly (SourceEntry | Unreadable)[],
  references: ReferenceMap,
  { patient, known }: ImportOptions,
): Generator<ImportStep, void> {
  const packer = new Packer();
  const seen = new Set<string>();
  for (const entry of entries) {
    if ('issues' in entry) {
      yield { kind: 'entry', report: { entry: entry.index, type: '', outcome: 'refused', issues: entry.issues } };
      continue;
    }
    const of = { entry: entry.index, type: entry.type };
    if (!isResourceType(entry.type)) {
      yield { kind: 'entry', report: { ...of, outcome: namedTypes.has(entry.type) ? 'named' : 'unkept' } };
      continue;
    }
    const read = readEntry(entry, references, patient);
    if ('issues' in read) {
      yield { kind: 'entry', report: { ...of, outcome: 'refused', issues: read.issues } };
      continue;
    }
    const { resource } = read;
    const { x: title, q = [] } = digest(resource, { document: '', at: '' });
    const keys = [`${resource.resourceType}/${resource.id}`, ...q];
    const duplicate = keys.some((key) => seen.has(key))
      ? 'bundle'
      : keys.some((key) => known.has(key))
        ? 'record'
        : undefined;
    for (const key of keys) seen.add(key);
    if (duplicate !== undefined) {
      yield { kind: 'entry', report: { ...of, title, outcome: 'duplicate', of: duplicate } };
      continue;
    }
    const taken = takeFiles(resource);
    const refusal = sizeIssue(taken.resource, taken.files.length);
    if (refusal) {
      yield { kind: 'entry', report: { ...of, title, outcome: 'refused', issues: [refusal] } };
      continue;
    }
    const category = categoryOf(resource);
    yield { kind: 'entry', report: { ...of, title, outcome: 'accepted', category } };
    for (const pack of packer.add({ ...taken, category, entry: entry.index })) yield { kind: 'pack', pack };
  }
  for (const pack of packer.rest()) yield { kind: 'pack', pack };
}

function readEntry(
  entry: SourceEntry,
  references: ReferenceMap,
  patient: string,
): { resource: Identified } | { issues: ResourceIssue[] } {
  if (entry.type === 'Patient' && !references.isPatient(entry)) {
    return { issues: [{ path: 'Patient', reason: 'is another patient' }] };
  }
  const { resource, issues } = rewrite(entry, references, patient);
  const id = entry.type === 'Patient' ? patient : idFor(entry);
  const checked = checkResource({ ...resource, id });
  if (!checked.ok) return { issues: [...checked.issues, ...issues] };
  if (issues.length > 0 || !isIdentified(checked.resource)) return { issues };
  return { resource: checked.resource };
}

function sizeIssue(resource: Identified, files: number): ResourceIssue | undefined {
  const path = resource.resourceType;
  if (files > mostFiles) return { path, reason: `has more than ${mostFiles} files` };
  return packBytes(resource) > Packer.most ? { path, reason: `is larger than ${Packer.most / 1024} KiB` } : undefined;
}
