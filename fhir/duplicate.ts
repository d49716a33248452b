import { sha256 } from '@noble/hashes/sha2.js';
import { toBase64Url, utf8 } from '#crypto/bytes.ts';
import { canonicalJson, type Json } from '#crypto/canonicalJson.ts';
import { codeKey } from './chart/concept.ts';
import { codeableConcept } from './r4/datatypes.ts';
import type { RecordResource } from './r4/resource.ts';

/**
 * By what two copies of a resource are recognised: the same content, or the same business identifier about the same thing. Keys
 * are short hashes (72 bits), so that an index can hold them.
 */

const keyOf = (text: string) => toBase64Url(sha256(utf8(text)).subarray(0, 9));

export function duplicateKeys(resource: RecordResource): string[] {
  const { identifier = [], resourceType } = resource;
  // Several results of one order share its number, so that a number alone makes no duplicate.
  const about = resourceType === 'Patient' ? '' : aboutOf(resource);
  const named = identifier
    .filter(({ system, value }) => system !== undefined && value !== undefined)
    .slice(0, 2)
    .map(({ system, value }) => keyOf(`${resourceType}|${system}|${value}|${about}`));
  return [keyOf(canonicalJson(contentOf(resource))), ...named];
}

function aboutOf(resource: RecordResource): string {
  const concept = codeableConcept.safeParse(resource.code).data;
  const at = ['effectiveDateTime', 'effectiveInstant', 'performedDateTime', 'occurrenceDateTime', 'authoredOn', 'date'];
  const when = at.flatMap((key) => (typeof resource[key] === 'string' ? [resource[key]] : []));
  return `${codeKey(concept) ?? ''}|${when.join('|')}`;
}

/** Members that say where a copy lies and not what it says. */
const ofTheCopy = new Set(['id', 'meta', 'text', 'implicitRules', 'language']);

/** What a resource says, without what changes from copy to copy: ids, versions, narratives and where references lead. */
function contentOf(resource: RecordResource): Json {
  const kept = Object.entries(resource).filter(([key]) => !ofTheCopy.has(key) && key !== 'identifier');
  return Object.fromEntries(kept.map(([key, value]) => [key, strip(value)]));
}
function strip(value: unknown): Json {
  if (Array.isArray(value)) return value.map(strip);
  if (typeof value === 'object' && value !== null) {
    if (isReference(value)) return null;
    // A file is stored in many ways: within the resource, beside it, or elsewhere.
    const isFile = 'contentType' in value;
    const entries = Object.entries(value).filter(
      ([key, member]) => member !== undefined && !(isFile && fileMembers.has(key)),
    );
    return Object.fromEntries(entries.map(([key, member]) => [key, strip(member)]));
  }
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string') return value;
  return null;
}
/** References lead elsewhere in each copy, by address or by name. */
const referenceMembers = new Set(['reference', 'type', 'identifier', 'display', 'extension', 'id']);
const isReference = (value: object) =>
  ['reference', 'identifier', 'display'].some((key) => key in value) &&
  Object.keys(value).every((key) => referenceMembers.has(key));
const fileMembers = new Set(['data', 'url', 'size', 'hash', 'extension']);
