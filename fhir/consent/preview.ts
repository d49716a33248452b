import { categories } from '#chaincode/model/category.ts';
import type { ConsentTerms } from '#chaincode/model/consent.ts';
import { records } from '#messages/en/records.ts';
import { signing } from '#messages/en/signing.ts';

/** What a consent does, for the person who is about to sign it. */
export interface ConsentPreview {
  /** `You let Dr Amara Weiss read medicines and results for treatment, until 1 June 2026.` */
  sentence: string;
  /** One line for each part that it names. */
  parts: string[];
  /** What follows from it, in sentences. */
  consequences: string[];
}

export interface PreviewOptions {
  /** Names of people and institutions by id; an id without one is said as it is. */
  names: Readonly<Record<string, string>>;
  now: Date;
  /** IANA name; the reader's own where absent. */
  timeZone?: string;
}

const text = records.preview;
const list = new Intl.ListFormat('en-GB', { type: 'conjunction' });
const either = new Intl.ListFormat('en-GB', { type: 'disjunction' });

/** Says in words what a grant opens, or a denial closes. */
export function previewOf(terms: ConsentTerms, options: PreviewOptions): ConsentPreview {
  const { decision } = terms;
  const what = list.format(terms.categories.map((category) => signing.words.categories[category]));
  const why = list.format(terms.purposes.map((purpose) => signing.words.purposes[purpose]));
  const parts = terms.categories.map((category) => text.part(records.categories[category], records.contents[category]));
  const left = categories.filter((category) => !terms.categories.includes(category));
  const closed =
    left.length === 0
      ? text.allOpen
      : text.closed(either.format(left.map((category) => signing.words.categories[category])));
  return {
    sentence: text[decision](granteeWords(terms, options), what, why, periodWords(terms, options)),
    parts,
    consequences:
      decision === 'permit'
        ? [text.everything, closed, text.seen, text.revocable]
        : [text.wins, ...(left.length === 0 ? [] : [text.others]), text.emergency],
  };
}

function granteeWords({ grantee }: ConsentTerms, { names }: PreviewOptions): string {
  const name = names[grantee.id] ?? grantee.id;
  if (grantee.kind === 'person') return text.person(name);
  return grantee.kind === 'institution' ? text.institution(name) : text.role(text.roles[grantee.role], name);
}

function periodWords({ from, until }: ConsentTerms, { now, timeZone }: PreviewOptions): string {
  const format = new Intl.DateTimeFormat('en-GB', {
    dateStyle: 'long',
    timeStyle: 'short',
    ...(timeZone === undefined ? {} : { timeZone }),
  });
  const say = (at: string) => format.format(new Date(at));
  const later = Date.parse(from) > now.getTime();
  if (later) return until === undefined ? text.fromOn(say(from)) : text.between(say(from), say(until));
  return until === undefined ? text.always : text.until(say(until));
}
