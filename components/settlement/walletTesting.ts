import {
  createWalletClient,
  defineChain,
  type EIP1193Provider,
  type Hash,
  type Hex,
  hexToBigInt,
  hexToNumber,
  http,
  numberToHex,
} from 'viem';
import type { PrivateKeyAccount } from 'viem/accounts';
import { vi } from 'vitest';
import { type Connector, injected } from 'wagmi';
import { z } from 'zod';
import { createWalletConfig, type WalletConfig } from '#components/wallet/config.ts';
import type { SettlementChain } from '#contracts/testing/settlementChain.ts';
import type { SentStorage } from './sentTransactions.ts';

const hex = z.custom<Hex>((value) => typeof value === 'string' && value.startsWith('0x'));
const sending = z.object({
  ...{ to: hex, data: hex.optional(), value: hex.optional(), gas: hex.optional(), nonce: hex.optional() },
});

const asking = z.object({ method: z.string(), id: z.number() });

/** A wallet of a browser, on a chain of its owner's choice, with an owner who may decline. */
export class BrowserWallet {
  readonly account: PrivateKeyAccount;
  readonly #connector: ReturnType<typeof injected>;
  chainId: number;
  /** Methods that were asked for, in order, and those that the owner declines. */
  readonly asked: string[] = [];
  readonly declines = new Set<string>();
  /** The nonces that it was told to use. */
  readonly nonces: number[] = [];
  readonly #chain: SettlementChain;
  /** What happens in the place of sending, for once. */
  #instead: ((send: () => Promise<Hash>) => Promise<Hash>) | undefined;

  constructor(chain: SettlementChain, account: PrivateKeyAccount, chainId = 31_337) {
    this.#chain = chain;
    this.account = account;
    this.chainId = chainId;
    const request = ({ method, params }: { method: string; params?: unknown }) => this.#answer(method, params);
    const provider = { request, on: () => {}, removeListener: () => {} } as unknown as EIP1193Provider;
    this.#connector = injected({ target: () => ({ id: 'test', name: 'Test', provider }) });
  }

  /** As a page finds it. */
  connectorIn(config: WalletConfig): Connector {
    return config._internal.connectors.setup(this.#connector);
  }

  /** How often it was asked to send. */
  get sends(): number {
    return this.asked.filter((method) => method === 'eth_sendTransaction').length;
  }

  instead(work: (send: () => Promise<Hash>) => Promise<Hash>): void {
    this.#instead = work;
  }

  /** Sends by itself, as its owner does who speeds something up or cancels it. */
  send(transaction: {
    to: Hex;
    data?: Hex;
    value?: bigint;
    nonce?: number;
    gas?: bigint;
    tip?: bigint;
  }): Promise<Hash> {
    const { tip, ...rest } = transaction;
    const fees = tip === undefined ? {} : { maxPriorityFeePerGas: tip, maxFeePerGas: tip * 4n };
    return this.#client.sendTransaction({ ...rest, ...fees });
  }

  get #client() {
    const chain = defineChain({
      ...{ id: 31_337, name: 'test', nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 } },
      rpcUrls: { default: { http: [this.#chain.url] } },
    });
    return createWalletClient({ account: this.account, chain, transport: http(this.#chain.url) });
  }

  async #answer(method: string, params: unknown): Promise<unknown> {
    this.asked.push(method);
    if (this.declines.has(method)) throw Object.assign(new Error('User rejected'), { code: 4001 });
    switch (method) {
      case 'eth_requestAccounts':
      case 'eth_accounts':
        return [this.account.address];
      case 'wallet_requestPermissions':
        return [];
      case 'eth_chainId':
        return numberToHex(this.chainId);
      case 'wallet_switchEthereumChain':
        this.chainId = 31_337;
        return null;
      case 'eth_signTypedData_v4': {
        const [, typed] = z.tuple([z.string(), z.string()]).parse(params);
        return this.account.signTypedData(JSON.parse(typed));
      }
      case 'eth_sendTransaction': {
        const [{ to, data, value, gas, nonce }] = z.tuple([sending]).parse(params);
        if (nonce !== undefined) this.nonces.push(hexToNumber(nonce));
        const send = () =>
          this.send({
            ...{ to, ...(data && { data }), ...(value && { value: hexToBigInt(value) }) },
            ...{ ...(gas && { gas: hexToBigInt(gas) }), ...(nonce && { nonce: hexToNumber(nonce) }) },
          });
        const instead = this.#instead;
        this.#instead = undefined;
        return instead === undefined ? send() : instead(send);
      }
      default:
        throw Object.assign(new Error(`${method} is not known`), { code: -32_601 });
    }
  }
}

/** A browser's storage. */
export function storageInMemory(): SentStorage {
  const values = new Map<string, string>();
  return {
    getItem: (name) => values.get(name) ?? null,
    setItem: (name, value) => void values.set(name, value),
  };
}

const fetchChain = globalThis.fetch;
/** wagmi as a page has it, with a portal that passes its calls on to the chain. Undone by `vi.unstubAllGlobals`. */
export function pageOn(chain: SettlementChain) {
  const portal = {
    isUp: true,
    /** Methods that the chain's node does not have, and those that it does not answer. */
    lacks: new Set<string>(),
    away: new Set<string>(),
  };
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    if (url !== '/api/ethereum') return fetchChain(url, init);
    const { method, id } = asking.parse(JSON.parse(String(init.body)));
    if (!portal.isUp || portal.away.has(method)) throw new TypeError('fetch failed');
    if (portal.lacks.has(method)) {
      const error = { code: -32_601, message: `the method ${method} does not exist` };
      return Promise.resolve(Response.json({ jsonrpc: '2.0', id, error }));
    }
    return fetchChain(chain.url, { method: 'POST', headers: init.headers, body: init.body });
  });
  // An injected wallet is found in windows only.
  vi.stubGlobal('window', { addEventListener: () => {}, removeEventListener: () => {}, dispatchEvent: () => true });
  const names = { chain: 'test', builtIn: 'Built-in wallet' };
  const nobody = async (): Promise<never> => {
    throw new Error('the built-in wallet is not used here');
  };
  const signer = { address: nobody, signTransaction: nobody, signIssue: nobody, signMessage: nobody };
  return { config: createWalletConfig(31_337, names, 'http://localhost', signer), portal };
}
