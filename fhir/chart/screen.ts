import type { Category } from '#chaincode/model/category.ts';
import { byTime, type ChartEntry, type EntryKind } from './entry.ts';
import { type ChartHead, firstLists, newestShown } from './head.ts';
import { asTheyStand } from './timeline.ts';

/** An entry with the category that it was read from. */
export type Shown = ChartEntry & { category: Category };

/** What a chart shows at once. All lists newest first. */
export interface FirstScreen {
  person?: Shown;
  problems: Shown[];
  allergies: Shown[];
  medicines: Shown[];
  /** Newest value of each code, of results and vital signs. */
  latest: Shown[];
  /** The newest of the timeline. */
  newest: Shown[];
}

/** A category as it was read: its head, if it has one, and what the tail adds to it. */
export interface ReadCategory {
  category: Category;
  head?: ChartHead;
  /** Entries of documents of the tail. */
  added: readonly ChartEntry[];
  /** Documents that are superseded or retracted, as the tail tells. */
  removed: readonly string[];
}

/** The categories whose copies an emergency summary holds. */
const home: Partial<Record<EntryKind, Category>> = {
  ...{ person: 'clinical', problem: 'clinical', allergy: 'clinical', immunization: 'clinical', procedure: 'clinical' },
  ...{ social: 'clinical', medicine: 'medication', result: 'results', vital: 'results', report: 'results' },
};

/** The first screen of a chart from the heads of the categories that the reader may open; segments are not needed for it. */
export function firstScreen(read: readonly ReadCategory[]): FirstScreen {
  const lists = read.map(({ category, head, added, removed }) => {
    const gone = new Set([...(head?.gone ?? []), ...removed]);
    const known = head === undefined ? [] : [...head.current, ...head.latest, ...head.newest];
    return { category, ...firstLists(asTheyStand([...known, ...added], gone)) };
  });
  const opened = new Set(read.map(({ category }) => category));
  // Whoever reads the original needs no copy, which may be older.
  const isCopy = ({ k, category }: Shown) => {
    const original = home[k];
    return category === 'summary' && original !== undefined && opened.has(original);
  };
  const all = (list: 'current' | 'latest' | 'newest') =>
    lists
      .flatMap((of) => of[list].map((entry) => ({ ...entry, category: of.category })))
      .filter((entry) => !isCopy(entry))
      .sort(byTime);
  const current = all('current');
  const of = (kind: EntryKind) => current.filter(({ k }) => k === kind);
  const [person] = of('person');
  return {
    ...(person === undefined ? {} : { person }),
    problems: of('problem'),
    allergies: of('allergy'),
    medicines: of('medicine'),
    latest: all('latest'),
    newest: all('newest').slice(0, newestShown),
  };
}
