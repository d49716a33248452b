/**
 * Serial numbers that nobody can guess: 16 characters of 32, drawn by the browser's own generator, are 80 random bits. An
 * authority wants a guess to succeed less than once in 10,000 (Delegated Regulation (EU) 2016/161, article 4 (c)); with a million
 * packs of a product, one of these succeeds once in 10^18. Letters and digits that look alike are left out. At most 20 characters
 * of GS1's set 82 are allowed (General Specifications, section 3.5.2).
 */
const alphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const length = 16;

/** So many serial numbers, no two the same, none of `taken`. */
export function newSerials(count: number, taken: ReadonlySet<string> = new Set()): string[] {
  const serials = new Set<string>();
  while (serials.size < count) {
    const serial = newSerial();
    if (!taken.has(serial)) serials.add(serial);
  }
  return [...serials];
}

function newSerial(): string {
  // 256 is a multiple of 32, so that every character is equally likely.
  const bytes = crypto.getRandomValues(new Uint8Array(length));
  return Array.from(bytes, (byte) => alphabet.charAt(byte % alphabet.length)).join('');
}

/** Digits that nobody has counted up before, for the part of a case's number that its company chooses. */
export function randomDigits(count: number): string {
  let digits = '';
  while (digits.length < count) {
    const [byte = 255] = crypto.getRandomValues(new Uint8Array(1));
    // 250 is a multiple of 10; above it, digits would not be equally likely.
    if (byte < 250) digits += byte % 10;
  }
  return digits;
}
