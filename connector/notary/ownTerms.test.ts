import { generatePrivateKey } from 'viem/accounts';
import { expect, it } from 'vitest';
import { createFakePeer } from '../testing/peer.ts';
import { prescriptionState } from '../testing/prescription.ts';
import { createNotary } from './notary.ts';
import { ownTerms } from './ownTerms.ts';

const own = { chainId: 31337, verifyingContract: `0x${'ab'.repeat(20)}` } as const;
const elsewhere = { ...own, verifyingContract: `0x${'cd'.repeat(20)}` } as const;
const otherChain = { ...own, chainId: 1 };
const now = 1_700_000_000;
const dispense = {
  ...{ id: `disp-${'d'.repeat(26)}`, quantity: 60, at: '2026-11-02T10:00:00.000Z' },
  ...{ practitionerId: `prac-${'p'.repeat(26)}`, institutionId: 'inst-river-pharmacy' },
  ...{ cid: `b${'e'.repeat(58)}`, contentHash: '3'.repeat(64) },
};
const closed = prescriptionState({ state: 'completed', version: 2, left: 0, dispenses: [dispense] });
const peer = createFakePeer([prescriptionState(), closed]);
const notary = ownTerms(createNotary('PharmacyMSP', peer, generatePrivateKey()), own, () => now * 1000);
const attest = (domain: typeof own | typeof elsewhere | typeof otherChain, seconds: number) =>
  notary.attest('care-1', closed.id, domain, BigInt(now + seconds));

it('signs for its own deployment, for a quarter of an hour', async () => {
  await expect(attest(own, 15 * 60)).resolves.toMatchObject({ attestation: { version: 2n } });
  await expect(attest({ ...own, verifyingContract: `0x${'AB'.repeat(20)}` } as typeof own, 900)).resolves.toBeDefined();
});

it.each([
  ['another contract', elsewhere, 900],
  ['another chain', otherChain, 900],
  ['longer than that', own, 21 * 60],
  ['ever', own, 2 ** 40],
] as const)('signs nothing for %s, and asks no peer', async (_name, domain, seconds) => {
  const before = peer.calls.length;
  await expect(attest(domain, seconds)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  expect(peer.calls).toHaveLength(before);
});

it('signs receipts for its own deployment alone', async () => {
  const receipt = ({ chainId, verifyingContract: contract }: typeof own | typeof elsewhere | typeof otherChain) =>
    notary.receipt('care-1', closed.id, { chainId, contract });
  await expect(receipt(own)).resolves.toMatchObject({ record: { state: 'completed' } });
  await expect(receipt(elsewhere)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  await expect(receipt(otherChain)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
});

it('signs receipts of dispenses for its own deployment alone', async () => {
  const receipt = ({ chainId, verifyingContract: contract }: typeof own | typeof elsewhere | typeof otherChain) =>
    notary.dispenseReceipt('care-1', closed.id, dispense.id, { chainId, contract });
  await expect(receipt(own)).resolves.toMatchObject({ record: { dispense: { quantity: 60 } } });
  await expect(receipt(elsewhere)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  await expect(receipt(otherChain)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
});
