'use client';

import { useSyncExternalStore } from 'react';
import { formatDate, formatDateTime, formatServiceDay, formatTime } from './format.ts';

const never = () => () => {};
const formats = { date: formatDate, time: formatTime, dateTime: formatDateTime, serviceDay: formatServiceDay };

/** An instant in the reader's own zone; before the page has woken, in UTC, named so. */
export function Time({ value, as = 'dateTime' }: { value: string; as?: keyof typeof formats }) {
  const local = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  return <time dateTime={value}>{formats[as](value, local ? undefined : 'UTC')}</time>;
}
