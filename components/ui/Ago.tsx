import { formatRelative } from './format.ts';

/**
 * How long ago an instant is, or how soon, in words; `now` as `useNow` tells it. The server's words may be some seconds older
 * than the page's. `words` makes a sentence of it.
 */
export function Ago({
  value,
  now,
  words = (when) => when,
}: {
  value: string;
  now: number;
  words?: (when: string) => string;
}) {
  return (
    <time dateTime={value} suppressHydrationWarning>
      {words(formatRelative(value, now))}
    </time>
  );
}
