/** Numbers that follow from a seed, a name and a place in time alone, so that any moment can be asked for without those before it. */

/** At least 0 and below 1 (a 32-bit mix of FNV-1a and murmur3's finish). */
export function chanceOf(seed: number, name: string, index: number): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let at = 0; at < name.length; at += 1) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (index | 0), 0x85ebca6b);
  // Indexes of milliseconds and minutes pass 2^32.
  hash = Math.imul(hash ^ Math.floor(index / 4_294_967_296), 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 4_294_967_296;
}

/** A smooth curve through random heights, one each `periodMs`; from -1 to 1. */
export function wander(seed: number, name: string, at: number, periodMs: number): number {
  const place = at / periodMs;
  const index = Math.floor(place);
  const along = place - index;
  const eased = along * along * (3 - 2 * along);
  const before = chanceOf(seed, name, index);
  return 2 * (before + (chanceOf(seed, name, index + 1) - before) * eased) - 1;
}

/** Close to a normal distribution of mean 0 and deviation 1: the sum of four even ones. */
export function scatter(seed: number, name: string, index: number): number {
  let sum = 0;
  for (let part = 0; part < 4; part += 1) sum += chanceOf(seed, `${name}${part}`, index);
  return (sum - 2) * Math.sqrt(3);
}
