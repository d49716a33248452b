import { keccak256, toHex as viemHex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { describe, expect, it } from 'vitest';
import { type Receipt, verifyReceipt, writeReceipt } from './receipt.ts';
import { tokenIdOf } from './token.ts';

/** As the contract on Ethereum has them (`contracts/typedData.ts`). */
const types = {
  Attestation: [
    { name: 'tokenId', type: 'uint256' },
    { name: 'channel', type: 'bytes32' },
    { name: 'blockHash', type: 'bytes32' },
    { name: 'state', type: 'uint8' },
    { name: 'version', type: 'uint64' },
    { name: 'deadline', type: 'uint64' },
  ],
} as const;
const notaries = ['11', '22', '33'].map((byte) => privateKeyToAccount(`0x${byte.repeat(32)}`));
const addresses = notaries.map(({ address }) => address);
const id = `rx-1-${'c'.repeat(26)}`;
const unsigned = {
  version: 1 as const,
  prescription: { id, version: 5, state: 'completed' },
  channel: 'care-1',
  dispenses: [{ id: 'disp-x', contentHash: '0'.repeat(64), cid: 'b' }],
  token: { chainId: 31337, contract: `0x${'44'.repeat(20)}` as const },
  attestation: { blockHash: `0x${'55'.repeat(32)}` as const, state: 2, deadline: 2_000_000_000 },
};

async function sealed(by = notaries.slice(0, 2)): Promise<Receipt> {
  const message = {
    ...{ tokenId: tokenIdOf(id), channel: keccak256(viemHex('care-1')), blockHash: unsigned.attestation.blockHash },
    ...{ state: 2, version: 5n, deadline: 2_000_000_000n },
  };
  const name = 'Medloom PrescriptionToken';
  const domain = { name, version: '2', chainId: 31337, verifyingContract: unsigned.token.contract };
  const typed = { domain, types, primaryType: 'Attestation', message } as const;
  return { ...unsigned, signatures: await Promise.all(by.map((notary) => notary.signTypedData(typed))) };
}
const refused = (code: string) => expect.objectContaining({ code });

describe('a receipt', () => {
  it('is verified offline by the addresses of the notaries', async () => {
    const { notaries: found } = verifyReceipt(writeReceipt(await sealed()), addresses, 2);
    expect(found).toEqual(addresses.slice(0, 2).map((address) => address.toLowerCase()));
  });

  it('needs as many notaries as are asked for, each once', async () => {
    const alone = await sealed(notaries.slice(0, 1));
    expect(() => verifyReceipt(writeReceipt(alone), addresses, 2)).toThrow(refused('SIGNATURE_FOREIGN'));
    const twice = { ...alone, signatures: [...alone.signatures, ...alone.signatures] };
    expect(() => verifyReceipt(writeReceipt(twice), addresses, 2)).toThrow(refused('SIGNATURE_FOREIGN'));
    const strangers = writeReceipt(await sealed());
    expect(() => verifyReceipt(strangers, addresses.slice(2), 1)).toThrow(refused('SIGNATURE_FOREIGN'));
    expect(() => verifyReceipt(strangers, addresses, 0)).toThrow(refused('SIGNATURE_FOREIGN'));
  });

  it.each([
    ['another prescription', { prescription: { id: `rx-1-${'d'.repeat(26)}`, version: 5, state: 'completed' } }],
    ['another version', { prescription: { id, version: 6, state: 'completed' } }],
    ['another channel', { channel: 'care-2' }],
    ['another block', { attestation: { ...unsigned.attestation, blockHash: `0x${'56'.repeat(32)}` } }],
    ['another contract', { token: { chainId: 31337, contract: `0x${'45'.repeat(20)}` } }],
    ['another chain', { token: { chainId: 1, contract: unsigned.token.contract } }],
  ])('is not good for %s', async (_name, change) => {
    const json = JSON.stringify({ ...(await sealed()), ...change });
    expect(() => verifyReceipt(json, addresses, 2)).toThrow(refused('SIGNATURE_FOREIGN'));
  });

  it('says no other end than was signed, and nothing where it is none', async () => {
    const cancelled = { ...(await sealed()), prescription: { id, version: 5, state: 'cancelled' } };
    for (const json of [JSON.stringify(cancelled), '{', '{}'])
      expect(() => verifyReceipt(json, addresses, 2)).toThrow(refused('ALTERED'));
  });
});
