const text = (value: string): Uint8Array => new TextEncoder().encode(value);

/** Bytes that look random and are the same each time. */
export function noise(length: number, seed = 1): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 16;
  });
}

export const sizes = [0, 1, 6, 255, 256, 262_143, 262_144, 262_145, 524_288, 1_000_000];
export const forms: Record<string, object> = {
  'version 0': {},
  'version 1': { cidVersion: 1 },
  'version 0, raw leaves': { rawLeaves: true },
  'version 1, no raw leaves': { cidVersion: 1, rawLeaves: false },
  'small chunks': { cidVersion: 1, chunker: 'size-1024' },
  'small chunks, version 0': { chunker: 'size-1024' },
  'only hashed': { cidVersion: 1, onlyHash: true },
  wrapped: { cidVersion: 1, wrapWithDirectory: true },
};
export const trees: Record<string, { path: string; content?: Uint8Array }[]> = {
  'one file': [{ path: 'a.txt', content: text('a') }],
  'a folder': [
    { path: 'a/b.txt', content: text('hello\n') },
    { path: 'a/c/d.txt', content: noise(600_000) },
    { path: 'a/e', content: text('') },
  ],
  'several tops': [
    { path: 'x', content: text('x') },
    { path: 'f/y', content: text('y') },
    { path: 'z', content: text('z') },
  ],
  'names of all kinds': [
    { path: 'd/with space', content: text('1') },
    { path: 'd/ünï-✓', content: text('2') },
    { path: 'd/100%', content: text('3') },
    { path: 'd/B', content: text('4') },
    { path: 'd/a', content: text('5') },
  ],
  'an empty folder': [{ path: 'empty' }],
  'a sharded folder': Array.from({ length: 4_200 }, (_, index) => ({
    path: `many/file-with-a-rather-long-name-${index}`,
    content: text(String(index)),
  })),
};
