import type { RangeName } from './ranges.ts';

const formats = {
  day: new Intl.DateTimeFormat('en-GB', { weekday: 'short', hour: '2-digit', minute: '2-digit' }),
  month: new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }),
  year: new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' }),
};
const axisFormats = {
  day: new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' }),
  month: new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' }),
  year: new Intl.DateTimeFormat('en-GB', { month: 'short' }),
};
/** A time as exactly as the range shows it, in the reader's zone. */
export const timeWords = (at: number, range: RangeName): string => formats[range].format(at);
export const axisWords = (at: number, range: RangeName): string => axisFormats[range].format(at);
