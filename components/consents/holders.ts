import type { Category } from '#chaincode/model/category.ts';
import { type FullConsent, mayHold } from '#chaincode/model/consent.ts';
import type { SeedHolder } from '#chaincode/model/healthRecord.ts';
import type { KnownGrantee } from '#server/consents/schema.ts';
import type { RepresentationView } from '#server/patients/schema.ts';

/** Who has to hold which keys of a record, by what its owner allows; pure, so that owners' browsers decide alike. */

export interface Sharing {
  /** Pseudonym. */
  patient: string;
  /** Whether the patient has keys; a ward may have none. */
  enrolled: boolean;
  /** All that there are, ended and revoked ones too. */
  consents: readonly Pick<FullConsent, 'state' | 'terms'>[];
  /** Everybody whom consents name. */
  grantees: readonly KnownGrantee[];
  /** Those who act or acted for the patient. */
  representations: readonly RepresentationView[];
}

/** Somebody with the categories whose keys are due. */
export interface Due {
  /** `pt-…`, `prac-…` or `inst-…` */
  id: string;
  categories: Category[];
}

const acts = ({ state, until }: RepresentationView, at: Date) =>
  state === 'active' && (until === undefined || Date.parse(until) > at.getTime());

/** The patient and who acts for the patient now. */
function ownersOf({ patient, enrolled, representations }: Sharing, at: Date): string[] {
  const acting = representations.filter((each) => acts(each, at)).map(({ representative }) => representative.pseudonym);
  return [...new Set([...(enrolled ? [patient] : []), ...acting])];
}

/** Everybody who has to hold keys of some categories. Who is suspended gets none until that ends. */
export function dueTo(sharing: Sharing, of: readonly Category[], at: Date): Due[] {
  const { consents, grantees } = sharing;
  const owners = ownersOf(sharing, at).map((id) => ({ id, categories: [...of] }));
  const readers = grantees
    .filter(({ active }) => active)
    .map((grantee) => {
      const holder =
        grantee.kind === 'institution'
          ? { institutionId: grantee.id }
          : { practitionerId: grantee.id, institutionId: grantee.institution.id, role: grantee.role };
      // An institution's staff share its key, so a person has a key of the own only where a consent names the person.
      const named = consents.filter(({ terms }) => terms.decision === 'deny' || terms.grantee.id === grantee.id);
      return { id: grantee.id, categories: of.filter((category) => mayHold(named, holder, category, at)) };
    });
  return [...owners, ...readers].filter(({ categories }) => categories.length > 0);
}

/** The newest epoch of a category, with the time since which it is. */
export interface PresentEpoch {
  category: Category;
  epoch: number;
  /** ISO 8601 */
  at: string;
}

/**
 * Categories whose keys are held by somebody who may no longer read: a permission or representation has ended since they were
 * made. Revoking a consent renews them at once; what ends by its date, or by another's hand, the owner's browser follows up.
 */
export function overtaken({ consents, representations }: Sharing, epochs: readonly PresentEpoch[], at: Date) {
  const hasPassed = (end: string | undefined) => end !== undefined && Date.parse(end) <= at.getTime();
  const ended = representations.flatMap(({ state, endedAt, until }) => {
    const end = state === 'ended' ? endedAt : until;
    return end !== undefined && hasPassed(end) ? [{ end, of: undefined }] : [];
  });
  const expired = consents.flatMap(({ state, terms: { decision, categories, until } }) =>
    state === 'active' && decision === 'permit' && until !== undefined && hasPassed(until)
      ? [{ end: until, of: categories }]
      : [],
  );
  return epochs
    .filter((present) =>
      [...ended, ...expired].some(
        ({ end, of }) =>
          (of === undefined || of.includes(present.category)) && Date.parse(present.at) < Date.parse(end),
      ),
    )
    .map(({ category }) => category);
}

/**
 * Categories whose newest keys an institution holds under another reading key than its present one: who has left it may know
 * the former, so that the next generation counts only with new keys of the record.
 */
export function outgrown(
  epochs: readonly PresentEpoch[],
  holders: readonly SeedHolder[],
  keyHashOf: (id: string) => string | undefined,
): Category[] {
  return epochs
    .filter(({ category, epoch }) =>
      holders.some((held) => {
        const present = held.reader.startsWith('inst-') ? keyHashOf(held.reader) : undefined;
        const isOf = held.category === category && held.epoch === epoch;
        return isOf && present !== undefined && held.readerKeyHash !== present;
      }),
    )
    .map(({ category }) => category);
}

/** What of what is due is not held: of the newest epoch, for the present key of each reader. */
export function lacking(
  due: readonly Due[],
  epochs: readonly PresentEpoch[],
  holders: readonly SeedHolder[],
  keyHashOf: (id: string) => string | undefined,
): Due[] {
  return due
    .map(({ id, categories }) => ({
      id,
      categories: categories.filter((category) => {
        const present = epochs.find((each) => each.category === category);
        const keyHash = keyHashOf(id);
        if (present === undefined || keyHash === undefined) return false;
        return !holders.some(
          (held) =>
            held.reader === id &&
            held.category === category &&
            held.epoch === present.epoch &&
            held.readerKeyHash === keyHash,
        );
      }),
    }))
    .filter(({ categories }) => categories.length > 0);
}

/** As many as keys fit in one transaction, the first first; the others get theirs in the next. */
export function fitting(due: readonly Due[], room: number): { now: Due[]; later: Due[] } {
  let left = room;
  let at = 0;
  for (; at < due.length; at += 1) {
    const needed = due[at]?.categories.length ?? 0;
    if (needed > left) break;
    left -= needed;
  }
  return { now: due.slice(0, at), later: due.slice(at) };
}
