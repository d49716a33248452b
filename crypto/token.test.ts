import { encodePacked, keccak256, sha256, stringToBytes, toHex as viemHex } from 'viem';
import { privateKeyToAddress } from 'viem/accounts';
import { expect, it } from 'vitest';
import { fromHex, randomBytes, utf8 } from './bytes.ts';
import { deriveKey } from './derive.ts';
import { addressOf, tokenCommitment, tokenHolderKey, tokenHolderOf, tokenIdOf } from './token.ts';

it('finds the address of a well-known key', () => {
  const key = fromHex('ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80');
  expect(addressOf(key)).toBe('0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266');
});

it('agrees with viem', () => {
  const dataKey = randomBytes(32);
  const body = utf8('{"resourceType":"MedicationRequest"}');
  const salt = viemHex(deriveKey(dataKey, 'medloom/token/salt/v1'));
  expect(tokenIdOf('rx-0-x')).toBe(BigInt(keccak256(stringToBytes('rx-0-x'))));
  expect(tokenHolderOf(dataKey)).toBe(privateKeyToAddress(viemHex(tokenHolderKey(dataKey))).toLowerCase());
  expect(tokenCommitment(dataKey, body)).toBe(keccak256(encodePacked(['bytes32', 'bytes32'], [salt, sha256(body)])));
});

it('commits to key and content', () => {
  const dataKey = randomBytes(32);
  const commitment = tokenCommitment(dataKey, utf8('a'));
  expect(tokenCommitment(dataKey, utf8('a'))).toBe(commitment);
  expect(tokenCommitment(dataKey, utf8('b'))).not.toBe(commitment);
  expect(tokenCommitment(randomBytes(32), utf8('a'))).not.toBe(commitment);
});

it('refuses what is no key', () => {
  const refused = expect.objectContaining({ code: 'KEY_LENGTH' });
  expect(() => addressOf(new Uint8Array(32))).toThrow(refused);
  expect(() => addressOf(new Uint8Array(31).fill(1))).toThrow(refused);
  expect(() => tokenHolderOf(new Uint8Array(16))).toThrow(refused);
});
