import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bytes, fromHex, toHex } from './bytes.ts';
import { CryptoError } from './errors.ts';
import { leafHash, merklePath, merkleRoot, requireInTree } from './merkle.ts';

/** The leaves and roots that implementations of certificate transparency test themselves with (RFC 6962, section 2.1). */
const leaves = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const roots = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const hashes = leaves.map((leaf) => leafHash(fromHex(leaf)));

const accepted = (leaf: Bytes, tree: Parameters<typeof requireInTree>[1]): boolean => {
  try {
    requireInTree(leaf, tree, 'leaf');
    return true;
  } catch (error) {
    if (error instanceof CryptoError && error.code === 'PROOF_REFUSED') return false;
    throw error;
  }
};

describe('hash trees', () => {
  it.each(roots.map((root, at) => [at + 1, root] as const))('of %i leaves have the known root', (size, root) => {
    expect(toHex(merkleRoot(hashes.slice(0, size)))).toBe(root);
  });

  it('prove each leaf at its place, and nothing else', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(), fc.nat(), fc.nat(), (size, a, b, c) => {
        const own = Array.from({ length: size }, (_, at) => leafHash(Uint8Array.of(at)));
        const [index, other] = [a % size, b % size];
        const [leaf, foreign] = [own[index] ?? leafHash(), own[other] ?? leafHash()];
        const [path, root] = [merklePath(own, index), merkleRoot(own)];
        expect(accepted(leaf, { index, size, path, root })).toBe(true);
        expect(accepted(foreign, { index, size, path, root })).toBe(other === index);
        expect(accepted(leaf, { index: other, size, path, root })).toBe(other === index);
        expect(accepted(leaf, { index: index + size, size, path, root })).toBe(false);
        expect(accepted(leaf, { index, size, path: [...path, root], root })).toBe(false);
        expect(accepted(leaf, { index, size, path: path.slice(1), root })).toBe(path.length === 0);
        const changed = path.map((each, at) => (at === c % path.length ? leafHash(each) : each));
        expect(accepted(leaf, { index, size, path: changed, root })).toBe(path.length === 0);
      }),
    );
  });

  it('have no other tree’s leaf for a node', () => {
    const [left, right] = [hashes[0] ?? leafHash(), hashes[1] ?? leafHash()];
    const root = merkleRoot([left, right]);
    expect(leafHash(left, right)).not.toEqual(root);
    expect(() => merkleRoot([])).toThrow(RangeError);
    expect(() => merklePath([left], 1)).toThrow(RangeError);
  });
});
