import { formatRelative } from './format.ts';

/** How long ago an instant is, in words; `now` as `useNow` tells it. The server's words may be some seconds older than the page's. */
export function Ago({ value, now }: { value: string; now: number }) {
  return (
    <time dateTime={value} suppressHydrationWarning>
      {formatRelative(value, now)}
    </time>
  );
}
