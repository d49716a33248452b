import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPublicClient, createWalletClient, http, parseEther } from 'viem';
import { generatePrivateKey, mnemonicToAccount, privateKeyToAccount } from 'viem/accounts';
import { anvil as anvilChain } from 'viem/chains';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prescriptionTokenAbi } from '#contracts/abi/prescriptionToken.ts';
import { deployContracts } from '#contracts/deploy/deploy.ts';
import { attestationTypes, tokenDomain } from '#contracts/typedData.ts';
import { type Anvil, startAnvil } from '#network/ethereum/anvil.ts';
import { AppError } from '#server/errors.ts';
import { outgoingInMemory } from '#server/testing/outgoing.ts';
import { type Attestation, type EthereumGateway, openEthereum } from './ethereum.ts';
import { refusalOf } from './refusal.ts';
import { RpcRefusal } from './rpc.ts';

const mnemonic = 'test test test test test test test test test test test junk';
const admin = mnemonicToAccount(mnemonic);
const notaries = [privateKeyToAccount(generatePrivateKey()), privateKeyToAccount(generatePrivateKey())];
const submitterKey = generatePrivateKey();
let folder: string;
let anvil: Anvil;
let ethereum: EthereumGateway;
let token: `0x${string}`;

const clients = () => ({
  read: createPublicClient({ chain: anvilChain, transport: http(anvil.rpcUrl), pollingInterval: 50 }),
  wallet: createWalletClient({ account: admin, chain: anvilChain, transport: http(anvil.rpcUrl) }),
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medloom-gateway-ethereum-'));
  anvil = await startAnvil({ stateFile: join(folder, 'chain.json'), logFile: join(folder, 'anvil.log'), mnemonic });
  const privateKey = admin.getHdKey().privateKey;
  if (!privateKey) throw new Error('the phrase has no key');
  const deployment = await deployContracts({
    rpcUrl: anvil.rpcUrl,
    deployerKey: `0x${Buffer.from(privateKey).toString('hex')}`,
    registrar: admin.address,
    notaries: notaries.map(({ address }) => address),
    threshold: 2,
    file: join(folder, 'deployment.json'),
  });
  token = deployment.prescriptionToken;
  const { read, wallet } = clients();
  for (const hash of [
    await wallet.writeContract({
      address: token,
      abi: prescriptionTokenAbi,
      functionName: 'license',
      args: [admin.address, `0x${'ab'.repeat(32)}`, 4_000_000_000n],
    }),
    await wallet.sendTransaction({ to: privateKeyToAccount(submitterKey).address, value: parseEther('1') }),
  ]) {
    await read.waitForTransactionReceipt({ hash });
  }
  ethereum = openEthereum({ rpcUrl: anvil.rpcUrl, tokenAddress: token, submitterKey, outgoing: outgoingInMemory() });
}, 60_000);
afterAll(async () => {
  await anvil?.stop();
  await rm(folder, { recursive: true, force: true });
});

const code = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof AppError ? error.code : Promise.reject(error)),
  );

let minted = 0;
async function mint() {
  minted += 1;
  const id = `rx-0-${String(minted).padStart(26, 'a')}`;
  const tokenId = ethereum.tokenIdOf(id);
  const holder = `0x${randomBytes(20).toString('hex')}` as const;
  const commitment = `0x${randomBytes(32).toString('hex')}` as const;
  const expires = Math.floor(Date.now() / 1000) + 86_400;
  const { read, wallet } = clients();
  const hash = await wallet.writeContract({
    address: token,
    abi: prescriptionTokenAbi,
    functionName: 'mint',
    args: [BigInt(tokenId), holder, commitment, BigInt(expires)],
  });
  await read.waitForTransactionReceipt({ hash });
  return { tokenId, holder, commitment, expires, hash, issuer: admin.address.toLowerCase() };
}

async function attested(tokenId: string, state: number, version: number) {
  const deadline = Math.floor(Date.now() / 1000) + 600;
  const [channel, blockHash] = [`0x${'ab'.repeat(32)}`, `0x${'cd'.repeat(32)}`] as const;
  const attestation: Attestation = { tokenId, channel, blockHash, state, version, deadline };
  const message = {
    ...{ tokenId: BigInt(tokenId), channel, blockHash, state },
    ...{ version: BigInt(version), deadline: BigInt(deadline) },
  };
  const typed = { domain: tokenDomain(anvil.chainId, token), types: attestationTypes, message } as const;
  const signatures = notaries.map((notary) => notary.signTypedData({ ...typed, primaryType: 'Attestation' }));
  return { attestation, signatures: await Promise.all(signatures) };
}

describe('the prescription token', () => {
  it('is read as the chain has it, and is undefined where there is none', async () => {
    const { tokenId, holder, commitment, expires, issuer } = await mint();
    expect(await ethereum.readToken(tokenId)).toEqual({
      issuer,
      holder,
      commitment,
      expires,
      state: 'active',
      version: 0,
    });
    expect(await ethereum.readToken('12345')).toBeUndefined();
  });

  it('is found in the transaction that minted it', async () => {
    const { tokenId, holder, commitment, expires, issuer, hash } = await mint();
    expect(await ethereum.readMint(hash, tokenId)).toEqual({ tokenId, holder, commitment, expires, issuer });
    expect(await ethereum.readMint(`0x${'00'.repeat(32)}`, tokenId)).toBeUndefined();
    const { read, wallet } = clients();
    const other = await wallet.sendTransaction({ to: admin.address, value: 1n });
    await read.waitForTransactionReceipt({ hash: other });
    expect(await code(ethereum.readMint(other, tokenId))).toBe('MINT_INVALID');
  });

  it('takes an attested state, and never an older one', async () => {
    const { tokenId } = await mint();
    const { attestation, signatures } = await attested(tokenId, 1, 3);
    const { transactionHash } = await ethereum.recordState(attestation, signatures);
    expect(transactionHash).toMatch(/^0x[0-9a-f]{64}$/);
    expect(await ethereum.readToken(tokenId)).toMatchObject({ state: 'partial', version: 3 });
    const again = ethereum.recordState(attestation, signatures);
    await expect(again).rejects.toMatchObject({ code: 'WRONG_STATE', detail: 'VersionNotRising' });
  });

  it('takes no state without enough notaries', async () => {
    const { tokenId } = await mint();
    const { attestation, signatures } = await attested(tokenId, 1, 3);
    const alone = ethereum.recordState(attestation, signatures.slice(0, 1));
    await expect(alone).rejects.toMatchObject({ code: 'WRONG_STATE', detail: 'TooFewNotaries' });
  });

  it('takes many at once from one account', async () => {
    const tokens = [await mint(), await mint(), await mint(), await mint()];
    await Promise.all(
      tokens.map(async ({ tokenId }) => {
        const { attestation, signatures } = await attested(tokenId, 2, 5);
        await ethereum.recordState(attestation, signatures);
      }),
    );
    for (const { tokenId } of tokens) expect((await ethereum.readToken(tokenId))?.state).toBe('dispensed');
  });
});

describe('a refusal of the node', () => {
  it('is none of the contract: an account without ether, a gas limit of the node', async () => {
    const { tokenId } = await mint();
    const { attestation, signatures } = await attested(tokenId, 1, 3);
    const [rpcUrl, outgoing] = [anvil.rpcUrl, outgoingInMemory()];
    const poor = openEthereum({ rpcUrl, tokenAddress: token, submitterKey: generatePrivateKey(), outgoing });
    await expect(poor.recordState(attestation, signatures)).rejects.toMatchObject({
      code: 'ETHEREUM_UNAVAILABLE',
      detail: expect.stringMatching(/insufficient funds/i),
    });
    const { transactionHash } = await ethereum.recordState(attestation, signatures);
    expect(transactionHash).toMatch(/^0x/);
  });

  it.each([
    ['a revert with the contract’s error', [3, 'execution reverted', undefined], 'WRONG_STATE'],
    ['a revert in the words of another node', [-32015, 'VM execution error', 'Reverted 0x'], 'WRONG_STATE'],
    ['more gas than there is', [-32000, 'gas required exceeds allowance (30000000)', undefined], 'TOO_LARGE'],
    ['no ether', [-32003, 'insufficient funds for gas * price + value', undefined], 'ETHEREUM_UNAVAILABLE'],
    ['a full pool', [-32000, 'txpool is full', undefined], 'ETHEREUM_UNAVAILABLE'],
    ['too low a fee', [-32000, 'max fee per gas less than block base fee', undefined], 'ETHEREUM_UNAVAILABLE'],
    ['too many calls', [-32005, 'daily request count exceeded', undefined], 'ETHEREUM_UNAVAILABLE'],
    ['a fault of the node', [-32603, 'internal error', undefined], 'ETHEREUM_UNAVAILABLE'],
  ] as const)('is told from the contract’s: %s', (_name, [status, message, data], expected) => {
    expect(refusalOf(new RpcRefusal(status, message, data))).toMatchObject({ code: expected });
  });

  it('is never that there is no token', async () => {
    const busy = createServer((_request, response) =>
      response.end(JSON.stringify({ jsonrpc: '2.0', id: 1, error: { code: -32005, message: 'limit exceeded' } })),
    );
    await new Promise<void>((ready) => busy.listen(0, '127.0.0.1', ready));
    const { port } = busy.address() as AddressInfo;
    const [rpcUrl, outgoing] = [`http://127.0.0.1:${port}`, outgoingInMemory()];
    const limited = openEthereum({ rpcUrl, tokenAddress: token, submitterKey, outgoing });
    expect(await code(limited.readToken('1'))).toBe('ETHEREUM_UNAVAILABLE');
    busy.close();
  });
});

describe('a chain that is away', () => {
  it('is named', async () => {
    const [rpcUrl, outgoing] = ['http://127.0.0.1:9', outgoingInMemory()];
    const away = openEthereum({ rpcUrl, tokenAddress: token, submitterKey, outgoing });
    expect(await code(away.readToken('1'))).toBe('ETHEREUM_UNAVAILABLE');
    expect(await code(away.readMint(`0x${'00'.repeat(32)}`, '1'))).toBe('ETHEREUM_UNAVAILABLE');
    expect(await code(away.blockNumber())).toBe('ETHEREUM_UNAVAILABLE');
    expect(await ethereum.blockNumber()).toBeGreaterThan(0);
  });
});
