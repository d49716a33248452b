import { categoryOf } from '../category.ts';
import { packBytes } from '../import/pack.ts';
import type { Identified } from '../record.ts';
import { inSummary, type Line, linesOf } from './section.ts';

/** Bytes of JSON; a document of the record takes no more. */
const most = 160 * 1024;
const ordinary = new Set(['clinical', 'medication', 'results']);

/**
 * What an emergency needs, chosen from the categories that are not guarded, as resources of one document of category `summary`.
 * Copies: it is written anew when the record changes. Where it is too much, the oldest results go first.
 */
export function emergencySummary(resources: readonly Identified[]): Identified[] {
  const lines = inSummary(linesOf(resources.filter((resource) => ordinary.has(categoryOf(resource)))));
  const chosen: Identified[] = [];
  let left = most;
  for (const { resource } of [...lines].sort((one, other) => rank(one) - rank(other))) {
    // The narrative of another system repeats what the elements say.
    const bare = resource.text === undefined ? resource : { ...resource, text: undefined };
    const bytes = packBytes(bare);
    if (bytes > left) break;
    left -= bytes;
    chosen.push(bare);
  }
  return chosen;
}
const order: readonly Line['entry']['k'][] = ['person', 'allergy', 'problem', 'medicine', 'immunization', 'procedure'];
const rank = ({ entry }: Line) => (order.includes(entry.k) ? order.indexOf(entry.k) : order.length);
