import { t } from '#messages/en.ts';
import { AnnotationShape } from './PlotMarks.tsx';
import type { Annotation } from './plotView.ts';
import type { RangeName } from './ranges.ts';
import { timeWords } from './timeWords.ts';

const text = t.monitoring.plot;
const shownFirst = 4;

/** What is marked in a plot, in words, newest first; the older ones when they are asked for. */
export function AnnotationList({ annotations, range }: { annotations: readonly Annotation[]; range: RangeName }) {
  if (annotations.length === 0) return null;
  const newest = annotations.toSorted((a, b) => b.at - a.at);
  const line = (each: Annotation) => (
    <li key={`${each.kind}-${each.at}-${each.text}`} className="flex items-baseline gap-2">
      <AnnotationShape kind={each.kind} level={each.level} />
      <span className="min-w-0">
        <span className="font-semibold text-ink">
          {each.level === undefined ? text.annotations[each.kind] : t.monitoring.levels[each.level]}
        </span>{' '}
        <span className="whitespace-nowrap">{timeWords(each.at, range)}</span> · {each.text}
      </span>
    </li>
  );
  return (
    <div className="mt-1.5 text-sm text-ink-2">
      <ul aria-label={text.annotationList} className="space-y-0.5">
        {newest.slice(0, shownFirst).map(line)}
      </ul>
      {newest.length > shownFirst && (
        <details>
          <summary className="cursor-pointer py-0.5">{text.older(newest.length - shownFirst)}</summary>
          <ul className="space-y-0.5">{newest.slice(shownFirst).map(line)}</ul>
        </details>
      )}
    </div>
  );
}
