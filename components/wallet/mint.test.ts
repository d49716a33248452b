import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createPublicClient,
  createWalletClient,
  defineChain,
  type EIP1193Provider,
  encodeFunctionData,
  type Hex,
  http,
  numberToHex,
  parseEther,
  toHex,
} from 'viem';
import { generatePrivateKey, mnemonicToAccount, privateKeyToAccount } from 'viem/accounts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { injected } from 'wagmi';
import { connect, disconnect } from 'wagmi/actions';
import { prescriptionTokenAbi } from '#contracts/abi/prescriptionToken.ts';
import { deployContracts } from '#contracts/deploy/deploy.ts';
import { issueTypes, tokenDomain } from '#contracts/typedData.ts';
import { newIdentifier } from '#crypto/identifier.ts';
import { tokenIdOf } from '#crypto/token.ts';
import { type Anvil, startAnvil } from '#network/ethereum/anvil.ts';
import { VaultError } from '../vault/errors.ts';
import { type BuiltInSigner, createBuiltInProvider } from './builtInProvider.ts';
import { createWalletConfig, type WalletConfig } from './config.ts';
import { type MintInput, type MintOutcome, mintErrorOf, signToken } from './mint.ts';

const mnemonic = 'test test test test test test test test test test test junk';
const keyOf = (addressIndex: number): Hex =>
  toHex(mnemonicToAccount(mnemonic, { addressIndex }).getHdKey().privateKey ?? new Uint8Array());
const names = { chain: 'test', builtIn: 'Built-in wallet' };
const folder = mkdtempSync(join(tmpdir(), 'medloom-mint-'));
const fetchChain = globalThis.fetch;
let anvil: Anvil;
let token: Hex;

const input = (): MintInput => ({
  prescriptionId: newIdentifier('rx-0'),
  holder: `0x${'1'.repeat(40)}`,
  commitment: `0x${'2'.repeat(64)}`,
  expires: new Date(Date.now() + 86_400_000).toISOString(),
});

const signerOf = (key: Hex): BuiltInSigner => {
  const account = privateKeyToAccount(key);
  return {
    address: async () => account.address,
    signTransaction: (transaction) => account.signTransaction(transaction),
    signIssue: ({ chainId, verifyingContract }, message) => {
      const domain = tokenDomain(chainId, verifyingContract);
      return account.signTypedData({ domain, types: issueTypes, primaryType: 'Issue', message });
    },
    signMessage: (raw) => account.signMessage({ message: { raw } }),
  };
};
/** Brings what was signed to the chain, from an account without any role. */
async function bring({ prescriptionId, holder, commitment, expires }: MintInput, signed: MintOutcome): Promise<void> {
  if (!signed.ok) throw new Error(signed.error.code);
  const chain = createPublicClient({ transport: http(anvil.rpcUrl), pollingInterval: 50 });
  const relay = createWalletClient({ account: privateKeyToAccount(keyOf(9)), transport: http(anvil.rpcUrl) });
  const issue = {
    ...{ tokenId: tokenIdOf(prescriptionId), holder: holder as Hex, commitment: commitment as Hex },
    ...{ expires: BigInt(Math.floor(Date.parse(expires) / 1000)), deadline: BigInt(signed.deadline) },
  };
  const hash = await relay.writeContract({
    ...{ chain: null, address: token, abi: prescriptionTokenAbi, functionName: 'mintBatch' },
    args: [[issue], [signed.signature]],
  });
  await chain.waitForTransactionReceipt({ hash });
}

const configOf = (signer: BuiltInSigner) => createWalletConfig(anvil.chainId, names, 'http://localhost', signer);
const readToken = (prescriptionId: string) =>
  createPublicClient({ transport: http(anvil.rpcUrl) }).readContract({
    address: token,
    abi: prescriptionTokenAbi,
    functionName: 'prescriptionOf',
    args: [tokenIdOf(prescriptionId)],
  });

beforeAll(async () => {
  anvil = await startAnvil({ stateFile: join(folder, 'chain.json'), logFile: join(folder, 'anvil.log'), mnemonic });
  const registrar = privateKeyToAccount(keyOf(1));
  const deployment = await deployContracts({
    rpcUrl: anvil.rpcUrl,
    deployerKey: keyOf(0),
    registrar: registrar.address,
    notaries: [privateKeyToAccount(generatePrivateKey()).address],
    threshold: 1,
    file: join(folder, 'contracts.json'),
  });
  token = deployment.prescriptionToken;
  const chain = defineChain({
    id: anvil.chainId,
    name: 'test',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [anvil.rpcUrl] } },
  });
  const client = createWalletClient({ account: registrar, chain, transport: http(anvil.rpcUrl) });
  const reader = createPublicClient({ chain, transport: http(anvil.rpcUrl), pollingInterval: 50 });
  for (const key of [keyOf(2), keyOf(3)]) {
    const hash = await client.writeContract({
      address: token,
      abi: prescriptionTokenAbi,
      functionName: 'license',
      args: [privateKeyToAccount(key).address, `0x${'ab'.repeat(32)}`, 4_000_000_000n],
    });
    await reader.waitForTransactionReceipt({ hash });
  }
}, 60_000);
afterAll(async () => {
  await anvil.stop();
  rmSync(folder, { recursive: true });
});

beforeEach(() => {
  // The portal passes a wallet's calls on to its chain.
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    return fetchChain(url === '/api/ethereum' ? anvil.rpcUrl : url, {
      method: 'POST',
      headers: init.headers,
      body: init.body,
    });
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const refusal = (code: string) => ({ ok: false, error: expect.objectContaining({ code }) });

describe('minting with the built-in wallet', () => {
  it('signs what the contract takes from anybody', async () => {
    const config = configOf(signerOf(keyOf(2)));
    const wanted = input();
    const signed = await signToken(config, token, wanted);
    await bring(wanted, signed);
    const minted = await readToken(wanted.prescriptionId);
    expect(minted).toMatchObject({ commitment: wanted.commitment, issuer: privateKeyToAccount(keyOf(2)).address });
  });

  it('signs nothing that has expired', async () => {
    const expired = { ...input(), expires: new Date(Date.now() - 1000).toISOString() };
    expect(await signToken(configOf(signerOf(keyOf(2))), token, expired)).toEqual(refusal('EXPIRED'));
  });

  it('says that the keys are locked and what is no prescription; whether the chain answers does not matter', async () => {
    const locked = async () => {
      throw new VaultError('VAULT_LOCKED', 'Your keys are locked.');
    };
    const signer = { ...signerOf(keyOf(2)), address: locked };
    expect(await signToken(configOf(signer), token, input())).toEqual(refusal('VAULT_LOCKED'));
    const config = configOf(signerOf(keyOf(2)));
    expect(await signToken(config, token, { ...input(), holder: '0x1' })).toEqual(refusal('FAILED'));
    vi.stubGlobal('fetch', async () => {
      throw new TypeError('fetch failed');
    });
    expect(await signToken(config, token, input())).toMatchObject({ ok: true });
  });
});

/** A wallet of the browser: on a chain of its own choice, with a person who may decline. */
function injectedWallet(options: { chainId?: number; declines?: string[]; key?: Hex | undefined } = {}) {
  const key = options.key ?? keyOf(3);
  const account = privateKeyToAccount(key);
  let chainId = options.chainId ?? anvil.chainId;
  const asked: string[] = [];
  const request = async ({ method, params }: { method: string; params?: unknown }): Promise<unknown> => {
    asked.push(method);
    if (options.declines?.includes(method)) throw Object.assign(new Error('User rejected'), { code: 4001 });
    if (method === 'eth_requestAccounts' || method === 'eth_accounts') return [account.address];
    if (method === 'wallet_requestPermissions') return [];
    if (method === 'eth_chainId') return numberToHex(chainId);
    if (method === 'wallet_switchEthereumChain') {
      chainId = anvil.chainId;
      return null;
    }
    const chain = defineChain({
      id: anvil.chainId,
      name: 'test',
      nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
      rpcUrls: { default: { http: [anvil.rpcUrl] } },
    });
    return createBuiltInProvider(chain, signerOf(key)).request({ method, params } as never);
  };
  const provider = { request, on: () => {}, removeListener: () => {} } as unknown as EIP1193Provider;
  return { connector: injected({ target: () => ({ id: 'test', name: 'Test', provider }) }), asked };
}

describe('minting with a wallet of the browser', () => {
  const connected = async (
    options: Parameters<typeof injectedWallet>[0],
    work: (config: WalletConfig) => Promise<void>,
  ) => {
    const config = configOf(signerOf(keyOf(2)));
    const wallet = injectedWallet(options);
    // An injected wallet is found in windows only.
    vi.stubGlobal('window', { addEventListener: () => {}, removeEventListener: () => {}, dispatchEvent: () => true });
    await connect(config, { connector: wallet.connector });
    await work(config);
    await disconnect(config);
    return wallet.asked;
  };

  it('uses the wallet that is connected', async () => {
    const wanted = input();
    await connected({}, async (config) => bring(wanted, await signToken(config, token, wanted)));
    expect(await readToken(wanted.prescriptionId)).toMatchObject({ issuer: privateKeyToAccount(keyOf(3)).address });
  });

  it('uses a connected wallet only where the person linked it and it may mint, else the built-in one', async () => {
    const [builtIn, other, unable] = [2, 3, 6].map((index) => privateKeyToAccount(keyOf(index)).address);
    const issuerWith = async (linked: (string | undefined)[], key?: Hex) => {
      const wanted = input();
      await connected({ key }, async (config) => {
        const addresses = linked.map((address) => address?.toLowerCase() ?? '');
        await bring(wanted, await signToken(config, token, wanted, addresses));
      });
      return (await readToken(wanted.prescriptionId)).issuer;
    };
    expect(await issuerWith([other])).toBe(other);
    expect(await issuerWith([])).toBe(builtIn);
    expect(await issuerWith([unable])).toBe(builtIn);
    expect(await issuerWith([unable], keyOf(6))).toBe(builtIn);
  });

  it('asks a wallet on another chain to switch, and goes on', async () => {
    const asked = await connected({ chainId: 1 }, async (config) => {
      expect(await signToken(config, token, input())).toMatchObject({ ok: true });
    });
    expect(asked).toContain('wallet_switchEthereumChain');
  });

  it('names a declined switch and a declined signature, and sends nothing', async () => {
    const declined = { chainId: 1, declines: ['wallet_switchEthereumChain', 'wallet_addEthereumChain'] };
    const askedToSwitch = await connected(declined, async (config) => {
      expect(await signToken(config, token, input())).toEqual(refusal('WRONG_CHAIN'));
    });
    expect(askedToSwitch).not.toContain('eth_signTypedData_v4');
    await connected({ declines: ['eth_signTypedData_v4'] }, async (config) => {
      expect(await signToken(config, token, input())).toEqual(refusal('REJECTED'));
    });
  });
});

describe('the built-in provider', () => {
  it('knows its chain and its account only', async () => {
    const chain = { ...configOf(signerOf(keyOf(2))).chains[0] };
    const signer = signerOf(keyOf(2));
    const { request } = createBuiltInProvider(chain, signer) as { request: (call: object) => Promise<unknown> };
    const own = await signer.address();
    const other = privateKeyToAccount(keyOf(3)).address;
    const { holder, commitment } = input();
    const message = { tokenId: '1', holder, commitment, expires: '2', deadline: '3' };
    expect(await request({ method: 'eth_accounts' })).toEqual([own]);
    expect(
      await request({ method: 'wallet_switchEthereumChain', params: [{ chainId: numberToHex(chain.id) }] }),
    ).toBeNull();
    const unknown = request({ method: 'wallet_switchEthereumChain', params: [{ chainId: '0x1' }] });
    await expect(unknown).rejects.toMatchObject({ code: 4902 });
    const send = (params: unknown) => request({ method: 'eth_sendTransaction', params });
    await expect(send([{ from: other, to: own }])).rejects.toMatchObject({ code: -32602 });
    await expect(send([{ from: own }])).rejects.toMatchObject({ code: -32602 });
    await expect(send('no')).rejects.toMatchObject({ code: -32602 });
    const signTyped = (from: string, change: object) => {
      const typed = {
        primaryType: 'Issue',
        domain: { chainId: chain.id, verifyingContract: token },
        message,
        ...change,
      };
      return request({ method: 'eth_signTypedData_v4', params: [from, JSON.stringify(typed)] });
    };
    expect(await signTyped(own, {})).toMatch(/^0x[0-9a-f]{130}$/);
    await expect(signTyped(other, {})).rejects.toMatchObject({ code: -32602 });
    const elsewhere = { domain: { chainId: 1, verifyingContract: token } };
    for (const change of [{ primaryType: 'Permit' }, elsewhere, { message: { ...message, holder: '0x1' } }])
      await expect(signTyped(own, change)).rejects.toMatchObject({ code: -32602 });
    await expect(request({ method: 'personal_sign', params: ['0x00', other] })).rejects.toMatchObject({ code: -32602 });
    expect(await request({ method: 'personal_sign', params: ['0x00', own] })).toMatch(/^0x[0-9a-f]{130}$/);
    expect(await request({ method: 'eth_getBalance', params: [own, 'latest'] })).not.toBe(toHex(parseEther('0')));
  });
});

it('sends in the place that it is told, as a wallet does for what was dropped', async () => {
  const signer = signerOf(keyOf(2));
  const { request } = createBuiltInProvider({ ...configOf(signer).chains[0] }, signer) as {
    request: (call: object) => Promise<Hex>;
  };
  const chain = createPublicClient({ transport: http(anvil.rpcUrl), pollingInterval: 50 });
  const next = await chain.getTransactionCount({ address: await signer.address() });
  const data = encodeFunctionData({ abi: prescriptionTokenAbi, functionName: 'name' });
  const send = (nonce: number) =>
    request({ method: 'eth_sendTransaction', params: [{ to: token, data, nonce: numberToHex(nonce) }] });
  const later = await send(next + 1);
  const first = await send(next);
  const receipts = [first, later].map((hash) => chain.waitForTransactionReceipt({ hash }));
  expect((await Promise.all(receipts)).map(({ status }) => status)).toEqual(['success', 'success']);
  expect((await chain.getTransaction({ hash: later })).nonce).toBe(next + 1);
});

it('names what it does not know', () => {
  expect(mintErrorOf(new Error('boom'))).toBe('FAILED');
  expect(mintErrorOf('text')).toBe('FAILED');
  expect(mintErrorOf(new Error('x', { cause: Object.assign(new Error('no'), { code: 4001 }) }))).toBe('REJECTED');
});
