import { verifyMessage } from 'viem';
import { describe, expect, it } from 'vitest';
import { toHex, utf8 } from './bytes.ts';
import { sha256Hex } from './derive.ts';
import { addressOf } from './token.ts';
import { isWalletProof, proveWallet } from './walletProof.ts';

const key = new Uint8Array(32).fill(7);
const wallet = addressOf(key);
const enrolling = { subjectId: 'prac-x', csrPem: 'a request' };

describe('the proof of a wallet', () => {
  it('is a signature that any wallet can make', async () => {
    const message = `Medloom: this is my wallet\n\nAccount: prac-x\nRequest: ${sha256Hex(utf8('a request'))}`;
    expect(await verifyMessage({ address: wallet, message, signature: proveWallet(key, enrolling) })).toBe(true);
  });

  it('holds for every key, whichever half of the curve its point is in', () => {
    for (let index = 1; index <= 16; index += 1) {
      const other = new Uint8Array(32).fill(index);
      expect(isWalletProof(proveWallet(other, enrolling), addressOf(other), enrolling)).toBe(true);
    }
  });

  it('is for one wallet, one person and one request', () => {
    const proof = proveWallet(key, enrolling);
    const another = addressOf(new Uint8Array(32).fill(8));
    expect(isWalletProof(proof, wallet, enrolling)).toBe(true);
    expect(isWalletProof(proof, another, enrolling)).toBe(false);
    expect(isWalletProof(proof, wallet, { ...enrolling, subjectId: 'prac-y' })).toBe(false);
    expect(isWalletProof(proof, wallet, { ...enrolling, csrPem: 'another request' })).toBe(false);
  });

  it.each([
    ['nothing', ''],
    ['zeros', `0x${'00'.repeat(64)}1b`],
    ['numbers above the order', `0x${'ff'.repeat(64)}1b`],
    ['another recovery number', `0x${toHex(new Uint8Array(64).fill(1))}00`],
  ])('refuses %s', (_case, proof) => {
    expect(isWalletProof(proof, wallet, enrolling)).toBe(false);
  });
});
