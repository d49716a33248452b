import type { Identified } from '#fhir/record.ts';
import { t } from '#messages/en.ts';

const text = t.recordPages.entry;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);

/** What a reference or an author element calls somebody. */
function displayOf(value: unknown): string | undefined {
  if (!isObject(value)) return undefined;
  if (typeof value.display === 'string') return value.display;
  return displayOf(value.actor) ?? displayOf(value.individual);
}

/** Members of the resources of a record that name who says it. */
const authors = ['recorder', 'author', 'performer', 'informationSource', 'participant'] as const;
const texts = { conclusion: text.details, description: text.details } as const;

/** What a resource says besides what the chart's line has: who said it, notes, conclusions. */
export function saidIn(resource: Identified): { name: string; value: string }[] {
  const members: Record<string, unknown> = { ...resource };
  const names = authors
    .flatMap((member) => listOf(members[member]).map(displayOf))
    .filter((name) => name !== undefined);
  const notes = listOf(members.note).flatMap((note) =>
    isObject(note) && typeof note.text === 'string' ? [note.text] : [],
  );
  const written = Object.entries(texts).flatMap(([member, name]) => {
    const value = members[member];
    return typeof value === 'string' ? [{ name, value }] : [];
  });
  return [
    ...written,
    ...notes.map((value) => ({ name: t.entries.fields.note, value })),
    ...[...new Set(names)].map((value) => ({ name: text.by, value })),
  ];
}
