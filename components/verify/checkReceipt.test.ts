import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Address, createPublicClient, createWalletClient, type Hex, http, keccak256, toHex } from 'viem';
import { generatePrivateKey, mnemonicToAccount, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prescriptionTokenAbi } from '#contracts/abi/prescriptionToken.ts';
import { deployContracts } from '#contracts/deploy/deploy.ts';
import { type Receipt, receiptDomain, receiptMessage, receiptTypes, writeReceipt } from '#crypto/receipt.ts';
import { type Anvil, startAnvil } from '#network/ethereum/anvil.ts';
import { checkReceipt } from './checkReceipt.ts';

const mnemonic = 'test test test test test test test test test test test junk';
const folder = mkdtempSync(join(tmpdir(), 'medloom-receipt-'));
const admin = mnemonicToAccount(mnemonic);
const notaries = [1, 2, 3].map(() => privateKeyToAccount(generatePrivateKey()));
const stranger = privateKeyToAccount(generatePrivateKey());
let anvil: Anvil;
let token: Address;

beforeAll(async () => {
  anvil = await startAnvil({ stateFile: join(folder, 'chain.json'), logFile: join(folder, 'anvil.log'), mnemonic });
  const { prescriptionToken } = await deployContracts({
    ...{ rpcUrl: anvil.rpcUrl, deployerKey: toHex(admin.getHdKey().privateKey ?? new Uint8Array()) },
    ...{ registrar: stranger.address, notaries: notaries.map(({ address }) => address), threshold: 2 },
    file: join(folder, 'contracts.json'),
  });
  token = prescriptionToken;
}, 60_000);
afterAll(async () => {
  await anvil?.stop();
  rmSync(folder, { recursive: true });
});

const chain = (rpcUrl = anvil.rpcUrl) => ({
  client: createPublicClient({ transport: http(rpcUrl, { retryCount: 0 }) }),
  token,
});
const stated = {
  record: {
    ...{ id: `rx-1-${'c'.repeat(26)}`, version: 5, state: 'cancelled' as const, endedAt: '2026-11-21T10:00:00.000Z' },
    ...{ authorInstitution: 'inst-lakeside', authoredOn: '2026-11-01T00:00:00.000Z' },
    ...{ expires: '2027-01-01T00:00:00.000Z', cid: `b${'a'.repeat(58)}`, contentHash: '0'.repeat(64) },
    ...{ quantity: 30, fills: 1, left: 30, dispenses: [] },
  },
  ...{ channel: 'care-1', blockHash: `0x${'55'.repeat(32)}` as const },
};
async function sealed(by = notaries, contract: Hex = token): Promise<Receipt> {
  const on = { chainId: 31337, contract };
  const typed = { domain: receiptDomain(on), types: receiptTypes, message: receiptMessage(stated) };
  const sign = (notary: typeof stranger) => notary.signTypedData({ ...typed, primaryType: 'Receipt' });
  return { version: 1, ...stated, token: on, signatures: await Promise.all(by.map(sign)) };
}
const check = (receipt: Receipt) => checkReceipt(writeReceipt(receipt), chain());

describe('a receipt that a reader brings', () => {
  it('is genuine by the notaries and the threshold that the contract has', async () => {
    const receipt = await sealed();
    const own = notaries.map(({ address }) => address.toLowerCase());
    expect(await check(receipt)).toEqual({ outcome: 'genuine', receipt, notaries: own, threshold: 2 });
    const two = await check(await sealed([stranger, ...notaries.slice(1)]));
    expect(two).toMatchObject({ outcome: 'genuine', notaries: own.slice(1) });
  });

  it('is none with a figure altered, too few of them, or for another contract', async () => {
    const receipt = await sealed();
    const altered = { ...receipt, record: { ...receipt.record, left: 29 } };
    const elsewhere = await sealed(notaries, `0x${'77'.repeat(20)}`);
    for (const made of [altered, await sealed([...notaries.slice(2), stranger]), elsewhere])
      expect(await check(made)).toEqual({ outcome: 'forged' });
    for (const json of ['{}', '{', '{"version":1}'])
      expect(await checkReceipt(json, chain())).toEqual({ outcome: 'forged' });
  });

  it('that no node could be asked about is neither', async () => {
    const json = writeReceipt(await sealed());
    await expect(checkReceipt(json, chain('http://127.0.0.1:9'))).rejects.toThrow();
    // A node without this contract answers, and says nothing of it.
    await expect(checkReceipt(json, { ...chain(), token: stranger.address })).rejects.toThrow();
  });

  it('outlives a notary that leaves while enough others have signed, and not one that it needs', async () => {
    const [all, needed] = [await sealed(), await sealed(notaries.slice(0, 2))];
    expect(await check(needed)).toMatchObject({ outcome: 'genuine' });
    const wallet = createWalletClient({ account: admin, transport: http(anvil.rpcUrl) });
    const args = [keccak256(toHex('NOTARY_ROLE')), notaries[0]?.address ?? '0x'] as const;
    const call = { address: token, abi: prescriptionTokenAbi, functionName: 'revokeRole', args } as const;
    const { client } = chain();
    await client.waitForTransactionReceipt({ hash: await wallet.writeContract({ ...call, chain: null }) });
    expect(await check(all)).toMatchObject({ outcome: 'genuine', notaries: { length: 2 } });
    expect(await check(needed)).toEqual({ outcome: 'forged' });
  });
});
