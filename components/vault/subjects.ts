import type { CategoryView } from '#chaincode/model/healthRecord.ts';

/** Everybody who signed something of what a view shows. */
export function subjectsOf(views: readonly CategoryView[]): string[] {
  const named = views.flatMap(({ epochs, wrap, index, tail }) => [
    ...epochs.slice(0, 1).map(({ by }) => by),
    ...(wrap === undefined ? [] : [wrap.by]),
    ...(index === undefined ? [] : [index.by]),
    ...tail.map(({ document }) => document.author),
  ]);
  return [...new Set(named)];
}
