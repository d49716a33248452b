/** Milliseconds of the latest instant that a Date can be; 16 digits. */
const latest = 8.64e15;

/** A part of a key by which what is newest comes first; 16 digits. */
export function newestFirst(at: Date): string {
  return String(latest - at.getTime()).padStart(16, '0');
}

/** The same for numbers that rise by one, up to 99,999,999. */
export function highestFirst(value: number): string {
  return String(99_999_999 - value).padStart(8, '0');
}
