import { formatRelative } from './format.ts';

/**
 * How long ago an instant is, in words; `now` as `useNow` tells it, which may be some seconds behind what has just happened. The
 * server's words may be some seconds older than the page's. `due`: it may lie ahead. `words` makes a sentence of it.
 */
export function Ago({
  value,
  now,
  due = false,
  words = (when) => when,
}: {
  value: string;
  now: number;
  due?: boolean;
  words?: (when: string) => string;
}) {
  return (
    <time dateTime={value} suppressHydrationWarning>
      {words(formatRelative(value, due ? now : Math.max(now, Date.parse(value))))}
    </time>
  );
}
