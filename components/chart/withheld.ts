import { type Category, categories } from '#chaincode/model/category.ts';

/** Lists of a chart and the category that mostly makes them; what is marked as sensitive can belong to any of them. */
const mainOf = { problems: 'clinical', allergies: 'clinical', medicines: 'medication', latest: 'results' } as const;
export type ChartList = keyof typeof mainOf;

const sensitive: ReadonlySet<Category> = new Set(['mental', 'substance', 'sexual', 'hiv', 'genetic']);

/** What a reader must be told about a list: all of it is withheld, or entries of these parts may be missing. */
export function withheldFrom(
  list: ChartList,
  withheld: readonly Category[],
): { categories: Category[]; whole: boolean } {
  const main = mainOf[list];
  if (withheld.includes(main)) return { categories: [main], whole: true };
  return { categories: categories.filter((name) => sensitive.has(name) && withheld.includes(name)), whole: false };
}
