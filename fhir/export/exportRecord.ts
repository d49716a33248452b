import { sha256 } from '@noble/hashes/sha2.js';
import type { Category } from '#chaincode/model/category.ts';
import { toHex, utf8 } from '#crypto/bytes.ts';
import { records } from '#messages/en/records.ts';
import { attachmentsIn, fileOf } from '../attachment.ts';
import { loincSystem } from '../build.ts';
import { type Bundle, bundle } from '../r4/bundle.ts';
import { composition } from '../r4/composition.ts';
import type { Identified } from '../record.ts';
import { inSummary, type Line, linesOf, type Section, sectionsOf } from './section.ts';
import { escaped, tableOf } from './table.ts';

/** A record, or what a summary needs of it, as a FHIR document with the sections of the International Patient Summary. */
export interface ExportOptions {
  scope: 'summary' | 'record';
  /** Pseudonym. */
  patient: string;
  /** Of the person, for the title; the Patient resource's own where absent. */
  name?: string;
  /** ISO 8601 instant. */
  at: string;
  /** IANA name, for times in words. */
  timeZone: string;
  /** Categories that are not in it, so that nobody takes it for everything. */
  withheld: readonly Category[];
  /** Contents of files by the CID of their root; a file that is not here is only named. */
  files: ReadonlyMap<string, Uint8Array>;
}
export interface RecordExport {
  bundle: Bundle;
  sections: Section[];
  person?: Line;
  options: ExportOptions;
}

const text = records.page;
export const exportTitle = ({ scope, name }: ExportOptions, person?: Line): string =>
  [scope === 'summary' ? text.summaryTitle : text.recordTitle, text.of(name ?? person?.entry.x ?? '')].join(' ').trim();

/** Makes the document. Withdrawn entries stay in a whole record, with the status that says so. */
export function exportRecord(resources: readonly Identified[], options: ExportOptions): RecordExport {
  const { scope, patient, at } = options;
  const every = linesOf(resources);
  const lines = scope === 'summary' ? inSummary(every) : every;
  const person = lines.find(({ entry }) => entry.k === 'person');
  const sections = sectionsOf(lines);
  const urls = new Map(lines.map(({ resource }) => [keyOf(resource), urlOf(keyOf(resource))]));
  const patientKey = person === undefined ? `Patient/${patient}` : keyOf(person.resource);
  if (!urls.has(patientKey)) urls.set(patientKey, urlOf(patientKey));
  const subject = { reference: urls.get(patientKey) ?? '' };
  const document = composition.parse({
    resourceType: 'Composition',
    id: idOf(`Composition/${patient}/${at}`),
    status: 'final',
    type: { coding: [{ system: loincSystem, code: '60591-5', display: 'Patient summary Document' }] },
    subject,
    date: at,
    author: [subject],
    title: exportTitle(options, person),
    section: [
      ...sections.map((section) => sectionElement(section, urls, options)),
      ...(options.withheld.length === 0 ? [] : [withheldElement(options.withheld)]),
    ],
  });
  const minimal = { resourceType: 'Patient', id: patient, ...(options.name ? { name: [{ text: options.name }] } : {}) };
  const written = lines.map(({ resource }) => ({ key: keyOf(resource), resource: portable(resource, urls, options) }));
  const entries = person === undefined ? [{ key: patientKey, resource: minimal }, ...written] : written;
  return {
    bundle: bundle.parse({
      resourceType: 'Bundle',
      id: idOf(`Bundle/${patient}/${at}`),
      identifier: { system: 'urn:ietf:rfc:3986', value: urlOf(`Bundle/${patient}/${at}/${scope}`) },
      type: 'document',
      timestamp: at,
      entry: [
        { fullUrl: urlOf(`Composition/${patient}/${at}`), resource: document },
        ...entries.map(({ key, resource }) => ({ fullUrl: urls.get(key), resource })),
      ],
    }),
    sections,
    ...(person === undefined ? {} : { person }),
    options,
  };
}

const keyOf = ({ resourceType, id }: Identified) => `${resourceType}/${id}`;
/** A UUID of version 8 (RFC 9562), made of what it stands for, so that two exports agree. */
function idOf(what: string): string {
  const hex = toHex(sha256(utf8(`medloom/export/v1|${what}`)));
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
const urlOf = (what: string) => `urn:uuid:${idOf(what)}`;

const div = (inner: string) => `<div xmlns="http://www.w3.org/1999/xhtml">${inner}</div>`;
const emptyReason = (code: 'unavailable' | 'withheld') => ({
  coding: [{ system: 'http://terminology.hl7.org/CodeSystem/list-empty-reason', code }],
});

function sectionElement(section: Section, urls: ReadonlyMap<string, string>, { timeZone }: ExportOptions) {
  const { kind, lines } = section;
  const empty = lines.length === 0;
  return {
    title: text.sections[kind.key],
    code: { coding: [{ system: loincSystem, code: kind.code, display: kind.display }] },
    text: {
      status: 'generated',
      div: div(empty ? `<p>${escaped(text.nothing)}</p>` : tableOf(within(section), timeZone)),
    },
    // Nothing recorded is no word that there is nothing.
    ...(empty ? { emptyReason: emptyReason('unavailable') } : {}),
    ...(empty ? {} : { entry: lines.map(({ resource }) => ({ reference: urls.get(keyOf(resource)) })) }),
  };
}
/** A narrative of a long section shows its newest lines; all of them are entries. */
const mostInNarrative = 200;
const within = (section: Section): Section => ({ ...section, lines: section.lines.slice(0, mostInNarrative) });

const withheldElement = (withheld: readonly Category[]) => ({
  title: text.withheldTitle,
  text: {
    status: 'generated',
    div: div(
      `<p>${escaped(`${withheld.map((category) => records.categories[category]).join(', ')}. ${text.withheld}`)}</p>`,
    ),
  },
  emptyReason: emptyReason('withheld'),
});

/** A resource as it can leave the record: references lead within the document, files are in it or are only named. */
function portable(resource: Identified, urls: ReadonlyMap<string, string>, { files }: ExportOptions): unknown {
  const own = new Set(attachmentsIn(resource));
  const visit = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(visit);
    if (typeof value !== 'object' || value === null) return value;
    const attachment = [...own].find((each) => each === value);
    const file = attachment === undefined ? undefined : fileOf(attachment);
    if (attachment !== undefined && file !== undefined) {
      const { url: _, ...rest } = attachment;
      const content = files.get(file.root);
      return content === undefined ? rest : { ...rest, data: toBase64(content) };
    }
    const copy = Object.fromEntries(Object.entries(value).map(([key, member]) => [key, visit(member)]));
    if (typeof copy.reference !== 'string' || copy.reference.startsWith('#') || /^[a-z]+:/.test(copy.reference))
      return copy;
    const { reference, ...rest } = copy;
    const url = urls.get(reference);
    if (url !== undefined) return { ...rest, reference: url };
    return rest.display === undefined && rest.identifier === undefined
      ? { ...rest, display: 'not in this file' }
      : rest;
  };
  return visit(resource);
}

/** Base64 with padding, in pieces since a spread of a whole file would overflow the stack. */
export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(binary);
}
