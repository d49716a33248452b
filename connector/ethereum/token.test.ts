import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Address, createWalletClient, getContract, type Hex, http, parseEther, toHex } from 'viem';
import { generatePrivateKey, mnemonicToAccount, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokenStates } from '#chaincode/model/token.ts';
import { prescriptionTokenAbi } from '#contracts/abi/prescriptionToken.ts';
import { deployContracts } from '#contracts/deploy/deploy.ts';
import { verifyReceipt } from '#crypto/receipt.ts';
import { tokenIdOf } from '#crypto/token.ts';
import { type Anvil, startAnvil } from '#network/ethereum/anvil.ts';
import { appointedBy } from '../notary/appointed.ts';
import { attest, readTokenTerms } from '../notary/attest.ts';
import { giveReceipt } from '../notary/giveReceipt.ts';
import { createNotary } from '../notary/notary.ts';
import { createPrescribers } from '../registrar/prescribers.ts';
import { createFakePeer } from '../testing/peer.ts';
import { prescriptionState } from '../testing/prescription.ts';
import { openChain, type TokenAccess } from './chain.ts';

const mnemonic = 'test test test test test test test test test test test junk';
const keyOf = (addressIndex: number): Hex =>
  toHex(mnemonicToAccount(mnemonic, { addressIndex }).getHdKey().privateKey ?? new Uint8Array());
const folder = mkdtempSync(join(tmpdir(), 'medloom-token-'));
const notaryKeys = [generatePrivateKey(), generatePrivateKey(), generatePrivateKey()] as const;

const licence = { hash: `0x${'ab'.repeat(32)}` as const, validTo: 4_000_000_000 };

let anvil: Anvil;
let token: TokenAccess;

beforeAll(async () => {
  anvil = await startAnvil({ stateFile: join(folder, 'chain.json'), logFile: join(folder, 'anvil.log'), mnemonic });
  const { prescriptionToken } = await deployContracts({
    rpcUrl: anvil.rpcUrl,
    deployerKey: keyOf(0),
    registrar: privateKeyToAccount(keyOf(1)).address,
    notaries: notaryKeys.map((key) => privateKeyToAccount(key).address),
    threshold: 2,
    file: join(folder, 'contracts.json'),
  });
  token = { rpcUrl: anvil.rpcUrl, address: prescriptionToken };
}, 60_000);
afterAll(async () => {
  await anvil.stop();
  rmSync(folder, { recursive: true });
});

async function contractFor(key: Hex) {
  const client = await openChain(token.rpcUrl);
  const account = privateKeyToAccount(key);
  const wallet = createWalletClient({ account, chain: client.chain, transport: http(token.rpcUrl) });
  const contract = getContract({
    address: token.address,
    abi: prescriptionTokenAbi,
    client: { public: client, wallet },
  });
  return { client, account, contract };
}

describe('the connector on the real contract', () => {
  it('admits several wallets at once, and one twice without a second transaction', async () => {
    const prescribers = createPrescribers(token, keyOf(1), '0.5');
    const keys = [generatePrivateKey(), generatePrivateKey(), generatePrivateKey()];
    await Promise.all(keys.map((key) => prescribers.admit(privateKeyToAccount(key).address, licence)));
    const { client, contract } = await contractFor(keyOf(0));
    const role = await contract.read.PRESCRIBER_ROLE();
    for (const key of keys) {
      const { address } = privateKeyToAccount(key);
      expect(await contract.read.hasRole([role, address])).toBe(true);
      expect(await client.getBalance({ address })).toBe(parseEther('0.5'));
    }
    const height = await client.getBlockNumber({ cacheTime: 0 });
    await prescribers.admit(privateKeyToAccount(keys[0] ?? '0x').address, licence);
    expect(await client.getBlockNumber({ cacheTime: 0 })).toBe(height);
  });

  it('gives a wallet gas once, however often and at once it is asked to', async () => {
    const prescribers = createPrescribers(token, keyOf(1), '0.5');
    const key = generatePrivateKey();
    const { client, account } = await contractFor(key);
    const { address } = account;
    await Promise.all([1, 2, 3].map(() => prescribers.admit(address, licence)));
    expect(await client.getBalance({ address })).toBe(parseEther('0.5'));
    const wallet = createWalletClient({ account, chain: client.chain, transport: http(token.rpcUrl) });
    const hash = await wallet.sendTransaction({ to: privateKeyToAccount(keyOf(7)).address, value: parseEther('0.4') });
    await client.waitForTransactionReceipt({ hash });
    await prescribers.admit(address, licence);
    expect(await client.getBalance({ address })).toBeLessThan(parseEther('0.1'));
  });

  it('grants and takes the role as told, sends no gas, and does nothing twice', async () => {
    const prescribers = createPrescribers(token, keyOf(1), '0.5');
    const [first, second] = [generatePrivateKey(), generatePrivateKey()].map((key) => privateKeyToAccount(key).address);
    if (first === undefined || second === undefined) throw new Error('two wallets');
    const { client, contract } = await contractFor(keyOf(0));
    const role = await contract.read.PRESCRIBER_ROLE();
    const holds = (address: Address) => contract.read.hasRole([role, address]);
    await prescribers.settle([first, second], [], licence);
    expect([await holds(first), await holds(second)]).toEqual([true, true]);
    await prescribers.settle([second], [first], licence);
    expect([await holds(first), await holds(second)]).toEqual([false, true]);
    expect(await client.getBalance({ address: second })).toBe(0n);
    const height = await client.getBlockNumber({ cacheTime: 0 });
    await prescribers.settle([second], [first], licence);
    expect(await client.getBlockNumber({ cacheTime: 0 })).toBe(height);
    const renewed = { ...licence, validTo: 4_100_000_000 };
    await prescribers.settle([second], [], renewed);
    const kept = await contract.read.licenceOfPrescriber([second]);
    expect(kept).toMatchObject({ licenceHash: licence.hash, validTo: renewed.validTo });
  });

  it('tells that the account may not grant, or that no chain answers', async () => {
    const { address } = privateKeyToAccount(generatePrivateKey());
    const powerless = createPrescribers(token, keyOf(5), '0.5');
    await expect(powerless.admit(address, licence)).rejects.toMatchObject({ code: 'ETHEREUM_UNAVAILABLE' });
    const nowhere = { ...token, rpcUrl: 'http://127.0.0.1:9' };
    const absent = createPrescribers(nowhere, keyOf(1), '0.5');
    await expect(absent.admit(address, licence)).rejects.toMatchObject({ code: 'ETHEREUM_UNAVAILABLE' });
    await expect(readTokenTerms(nowhere)).rejects.toMatchObject({ code: 'ETHEREUM_UNAVAILABLE' });
  }, 20_000);

  it('gives receipts with the signatures of the contract’s own notaries', async () => {
    const completed = prescriptionState({ state: 'completed', left: 0, version: 4 });
    const terms = await readTokenTerms(token);
    const sealed = (keys: readonly Hex[]) => {
      const notaries = keys.map((key) => createNotary('HospitalMSP', createFakePeer(completed), key));
      return giveReceipt(notaries, terms, appointedBy(token), completed.id);
    };
    const stranger = generatePrivateKey();
    const receipt = await sealed([...notaryKeys, stranger]);
    const notaries = notaryKeys.map((key) => privateKeyToAccount(key).address);
    const trust = { token: { chainId: 31337, contract: token.address }, notaries, threshold: terms.threshold };
    expect(verifyReceipt(receipt, trust)).toHaveLength(3);
    await expect(sealed([notaryKeys[0], stranger])).rejects.toMatchObject({ code: 'NOTARIES_DISAGREE' });
    const appointed = appointedBy({ ...token, rpcUrl: 'http://127.0.0.1:9' });
    await expect(appointed(trust.notaries[0] ?? '0x')).rejects.toMatchObject({ code: 'ETHEREUM_UNAVAILABLE' });
  }, 20_000);

  it('signs attestations that the contract accepts from anybody', async () => {
    const doctor = generatePrivateKey();
    await createPrescribers(token, keyOf(1), '0.5').admit(privateKeyToAccount(doctor).address, licence);
    const completed = prescriptionState({ state: 'completed', left: 0, version: 4 });
    const tokenId = tokenIdOf(completed.id);
    const { client, contract } = await contractFor(doctor);
    const args = [tokenId, `0x${'11'.repeat(20)}`, `0x${'22'.repeat(32)}`, 4_000_000_000n] as const;
    await client.waitForTransactionReceipt({ hash: await contract.write.mint(args) });

    const peer = createFakePeer(completed);
    const notaries = notaryKeys.map((key) => createNotary('HospitalMSP', peer, key));
    // One whom the contract does not know spoils nothing for the others.
    notaries.push(createNotary('HospitalMSP', peer, generatePrivateKey()));
    const terms = await readTokenTerms(token);
    expect(terms).toEqual({ domain: { chainId: 31337, verifyingContract: token.address }, threshold: 2 });
    const { attestation, signatures } = await attest(notaries, terms, appointedBy(token), completed.id);

    const anybody = await contractFor(keyOf(7));
    const hash = await anybody.contract.write.recordState([
      {
        tokenId: BigInt(attestation.tokenId),
        state: attestation.state,
        version: BigInt(attestation.version),
        channel: attestation.channel as Hex,
        blockHash: attestation.blockHash as Hex,
        deadline: BigInt(attestation.deadline),
      },
      signatures.map(({ signature }) => signature as Hex),
    ]);
    await client.waitForTransactionReceipt({ hash });
    expect(await contract.read.prescriptionOf([tokenId])).toMatchObject({
      state: tokenStates.indexOf('dispensed'),
      version: 4n,
    });
  });
});
