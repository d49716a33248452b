import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createWalletClient, type Hex, http, toHex } from 'viem';
import { mnemonicToAccount, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { prescriptionTokenAbi } from '#contracts/abi/prescriptionToken.ts';
import { deployContracts } from '#contracts/deploy/deploy.ts';
import { signDispense, testPrescription } from '#crypto/claim/testClaim.ts';
import { tokenIdOf } from '#crypto/token.ts';
import { type Anvil, startAnvil } from '#network/ethereum/anvil.ts';
import { openChain, type TokenAccess } from '../ethereum/chain.ts';
import { createPrescribers } from '../registrar/prescribers.ts';
import { openTokens } from './tokens.ts';

const mnemonic = 'test test test test test test test test test test test junk';
const keyOf = (addressIndex: number): Hex =>
  toHex(mnemonicToAccount(mnemonic, { addressIndex }).getHdKey().privateKey ?? new Uint8Array());
const folder = mkdtempSync(join(tmpdir(), 'medloom-tokens-'));
/** Two of those that sign in `testClaim.ts`. */
const notaries = ['11', '22'].map((byte) => privateKeyToAccount(`0x${byte.repeat(32)}`));
const stranger = privateKeyToAccount(`0x${'77'.repeat(32)}`);
let anvil: Anvil;
let token: TokenAccess;

beforeAll(async () => {
  anvil = await startAnvil({ stateFile: join(folder, 'chain.json'), logFile: join(folder, 'anvil.log'), mnemonic });
  const { prescriptionToken } = await deployContracts({
    ...{ rpcUrl: anvil.rpcUrl, deployerKey: keyOf(0), registrar: privateKeyToAccount(keyOf(1)).address },
    ...{ notaries: notaries.map(({ address }) => address), threshold: 2, file: join(folder, 'contracts.json') },
  });
  token = { rpcUrl: anvil.rpcUrl, address: prescriptionToken };
}, 60_000);
afterAll(async () => {
  await anvil.stop();
  rmSync(folder, { recursive: true });
});

it('answers the commitment of a token, and that there is none', async () => {
  const { id, token: made } = testPrescription();
  const doctor = privateKeyToAccount(keyOf(4));
  const licence = { hash: `0x${'ab'.repeat(32)}` as const, validTo: 4_000_000_000 };
  await createPrescribers(token, keyOf(1), '0.5').admit(doctor.address, licence);
  const chain = await openChain(token.rpcUrl);
  const wallet = createWalletClient({ account: doctor, chain: chain.chain, transport: http(token.rpcUrl) });
  const { commitment } = made;
  const args = [tokenIdOf(id), `0x${'11'.repeat(20)}`, commitment as Hex, 4_000_000_000n] as const;
  const call = { address: token.address, abi: prescriptionTokenAbi, functionName: 'mint', args } as const;
  await chain.waitForTransactionReceipt({ hash: await wallet.writeContract(call) });
  expect(await openTokens(token).tokenOf(tokenIdOf(id))).toMatchObject({ commitment });
  expect(await openTokens(token).tokenOf(1n)).toBeUndefined();
});

it('believes those signers whom the contract has as notaries', async () => {
  const { record } = testPrescription();
  const tokens = openTokens(token);
  const own = { chainId: 31_337, contract: token.address };
  const both = await tokens.trustFor(await signDispense(record, notaries, own));
  expect(both).toEqual({ token: own, notaries: notaries.map(({ address }) => address.toLowerCase()), threshold: 2 });
  const [one] = notaries;
  if (one === undefined) throw new Error('no notary');
  const mixed = await tokens.trustFor(await signDispense(record, [one, stranger], own));
  expect(mixed.notaries).toEqual([one.address.toLowerCase()]);
  const receipt = await signDispense(record, notaries, own);
  const altered = { ...receipt, signatures: receipt.signatures.map(() => `0x${'00'.repeat(65)}` as const) };
  expect((await tokens.trustFor(altered)).notaries).toEqual([]);
  expect((await tokens.trustFor(undefined)).notaries).toEqual([]);
});

it('says that no chain answers', async () => {
  const away = openTokens({ ...token, rpcUrl: 'http://127.0.0.1:9' });
  await expect(away.tokenOf(1n)).rejects.toMatchObject({ code: 'ETHEREUM_UNAVAILABLE' });
  await expect(away.trustFor(undefined)).rejects.toMatchObject({ code: 'ETHEREUM_UNAVAILABLE' });
}, 30_000);
