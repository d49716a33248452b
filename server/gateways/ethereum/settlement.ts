import { getAddress, Interface, Result } from 'ethers';
import type { Hex } from 'viem';
import { z } from 'zod';
import { careSettlementAbi } from '#contracts/abi/careSettlement.ts';
import type { Quote } from '#contracts/typedData.ts';
import { AppError } from '#server/errors.ts';
import { type Proposal, proposalFilters, readProposals } from './proposals.ts';
import { readRightHolders, rightsFilter } from './rightHolders.ts';
import { openRpc, RpcRefusal } from './rpc.ts';
import { readSettlementEvents, type SettlementEvent, settlementTopics } from './settlementEvents.ts';
import type { Call } from './submitter.ts';
import { contractView } from './view.ts';

/** What the chain knows of a claim's payments, in the coin's smallest unit; addresses in lower case. */
export interface Bill {
  /** keccak-256 of institutions' ids. */
  insurer: string;
  payee: string;
  coin: string;
  version: number;
  /** Unix seconds. */
  expires: number;
  reversed: boolean;
  insurerAmount: bigint;
  patientAmount: bigint;
  insurerPaid: bigint;
  patientPaid: bigint;
}

/** An insurer's account in one coin, in the coin's smallest unit. */
export interface Purse {
  balance: bigint;
  /** The most that leaves it in a day of UTC, of which so much has left today. */
  perDay: bigint;
  spentToday: bigint;
  /** Above this, a second person releases a payment. */
  releaseAbove: bigint;
}

export interface ChainBlock {
  number: number;
  hash: string;
  parentHash: string;
}

/** A coin with permits (EIP-2612), and what one address has of it. */
export interface HeldCoin {
  address: Hex;
  /** Of its EIP-712 domain (EIP-5267). */
  name: string;
  version: string;
  chainId: number;
  symbol: string;
  decimals: number;
  /** Decimal, in the smallest unit; and the address's next nonce. */
  balance: string;
  nonce: string;
}

/** A patient's signed permit (`permitDeadline` of `contracts/typedData.ts`). */
export interface CoPayPermit {
  payer: string;
  /** In the coin's smallest unit. */
  amount: bigint;
  /** Unix seconds. */
  validUntil: number;
  nonce: bigint;
  v: number;
  r: string;
  s: string;
}

/** `CareSettlement` on Ethereum. All throw ETHEREUM_UNAVAILABLE where the chain does not answer. */
export interface SettlementGateway {
  /** What an insurer's hash has quoted for a reference: 64 hex digits. Undefined where nothing of it was brought. */
  readBill(insurer: string, reference: string): Promise<Bill | undefined>;
  /** The payout address of an institution's hash, in lower case; undefined where none is named. */
  payoutOf(payee: string): Promise<string | undefined>;
  /** What a payee can take out. */
  withdrawableOf(payee: string, coin: string): Promise<bigint>;
  /** The account of an insurer's hash; zeros where nothing was ever paid in. */
  purseOf(insurer: string, coin: string): Promise<Purse>;
  /** Whose wallets run an insurer's account there and sign its quotes, in lower case; undefined where nobody's does. */
  insurerOf(insurer: string): Promise<{ treasurer: string | undefined; signer: string | undefined }>;
  /** What an account may do for an insurer: pay and propose, and release what another has proposed. */
  rightsOf(insurer: string, account: string): Promise<{ spends: boolean; releases: boolean }>;
  /** Accounts that were let pay or release for an insurer, by what was told from a block on; in lower case, the first first. */
  rightHolders(insurer: string, fromBlock: number): Promise<string[]>;
  /** Payments of an insurer's claims that wait for a second person, by what was told from a block on. */
  proposals(insurer: string, references: readonly string[], fromBlock: number): Promise<Proposal[]>;
  /** A coin with permits, and what an address has of it. Throws INVALID_INPUT for ether, and for a coin without permits. */
  coinOf(coin: Hex, holder: string): Promise<HeldCoin>;
  /** Digits of the coin behind the point. */
  decimalsOf(coin: string): Promise<number>;
  /** The newest block, or one by its number; undefined where there is none. */
  readBlock(number: number | 'latest'): Promise<ChainBlock | undefined>;
  /** What happened in one block, by its hash: of a block that the chain has given up, nothing, or a refusal as NOT_FOUND. */
  eventsIn(blockHash: string): Promise<SettlementEvent[]>;
  /** What happened in a range of blocks, both included, of the chain as it is now. */
  eventsBetween(from: number, to: number): Promise<SettlementEvent[]>;
  /**
   * Brings a patient's permit and waits until it is mined. Throws WRONG_STATE with the name of the contract's error where it is refused,
   * and as `EthereumGateway.submit`.
   */
  payByPermit(quote: Quote, signature: string, permit: CoPayPermit): Promise<{ transactionHash: string }>;
  /** What was given back to a payer and lies there still. */
  refundableOf(payer: string, coin: string): Promise<bigint>;
  /** Sends a payer what was given back, and waits until it is mined. Throws as `payByPermit`. */
  sendRefund(payer: string, coin: string): Promise<{ transactionHash: string }>;
}

export interface SettlementOptions {
  rpcUrl: string;
  settlementAddress: string;
  /** Sends a call and waits until it is mined. */
  submit: (call: Call) => Promise<{ transactionHash: string }>;
}

const contract = new Interface(careSettlementAbi);
const erc20 = new Interface([
  'function decimals() view returns (uint8)',
  'function symbol() view returns (string)',
  'function balanceOf(address) view returns (uint256)',
  'function nonces(address) view returns (uint256)',
]);
/** EIP-5267; what comes before the name is one byte of flags. */
const domainOf = new Interface([
  'function eip712Domain() view returns (bytes1, string, string, uint256, address, bytes32, uint256[])',
]);
const hexText = z.string().regex(/^0x[0-9a-fA-F]*$/);
const lower = z.string().toLowerCase();
const billShape = z.object({
  ...{ insurer: lower, payee: lower, coin: lower, reversed: z.boolean() },
  version: z.bigint().transform(Number),
  expires: z.bigint().transform(Number),
  ...{ insurerAmount: z.bigint(), patientAmount: z.bigint(), insurerPaid: z.bigint(), patientPaid: z.bigint() },
});
const purseShape = z.object({
  ...{ balance: z.bigint(), perDay: z.bigint(), releaseAbove: z.bigint(), spent: z.bigint() },
  day: z.bigint().transform(Number),
});
const dayMs = 86_400_000;
const blockShape = z.object({ number: hexText.transform(Number), hash: lower, parentHash: lower }).nullable();
const nobody = /^0x0+$/;

/** Opens the settlement. */
export function openSettlement(options: SettlementOptions): SettlementGateway {
  const rpc = openRpc(options.rpcUrl);
  const address = getAddress(options.settlementAddress);
  let chainId: number | undefined;

  const answers = contractView(rpc);
  const view = async (to: string, abi: Interface, name: string, args: unknown[]): Promise<unknown> =>
    (await answers(to, abi, name, args))[0];
  const events = async (range: object): Promise<SettlementEvent[]> => {
    chainId ??= Number(BigInt(hexText.parse(await rpc('eth_chainId', []))));
    try {
      const filter = { address, topics: [settlementTopics], ...range };
      return readSettlementEvents(chainId, await rpc('eth_getLogs', [filter], 20_000));
    } catch (error) {
      // A node that has given a block up says that it has none.
      if (error instanceof RpcRefusal) throw new AppError('NOT_FOUND', error.message, { cause: error });
      throw error;
    }
  };
  /** Nodes that answer for few blocks at once refuse it. */
  const logsSince = async (topics: unknown, fromBlock: number): Promise<unknown> => {
    try {
      const range = { fromBlock: `0x${fromBlock.toString(16)}`, toBlock: 'latest' };
      return await rpc('eth_getLogs', [{ address, topics, ...range }], 20_000);
    } catch (error) {
      if (error instanceof RpcRefusal) throw new AppError('ETHEREUM_UNAVAILABLE', error.message, { cause: error });
      throw error;
    }
  };

  return {
    async readBill(insurer, reference) {
      const read = await view(address, contract, 'billOf', [`0x${reference}`, insurer]);
      const bill = billShape.parse(z.instanceof(Result).parse(read).toObject());
      return nobody.test(bill.insurer) ? undefined : bill;
    },

    async payoutOf(payee) {
      const payout = lower.parse(await view(address, contract, 'payoutOf', [payee]));
      return nobody.test(payout) ? undefined : payout;
    },

    withdrawableOf: async (payee, coin) =>
      z.bigint().parse(await view(address, contract, 'withdrawableOf', [payee, coin])),

    async purseOf(insurer, coin) {
      const read = await view(address, contract, 'purseOf', [insurer, coin]);
      const { day, spent, ...purse } = purseShape.parse(z.instanceof(Result).parse(read).toObject());
      return { ...purse, spentToday: day === Math.floor(Date.now() / dayMs) ? spent : 0n };
    },

    async insurerOf(insurer) {
      const named = z.tuple([lower, lower]).parse([...(await answers(address, contract, 'insurerOf', [insurer]))]);
      const [treasurer, signer] = named.map((account) => (nobody.test(account) ? undefined : account));
      return { treasurer, signer };
    },

    async rightsOf(insurer, account) {
      const [spends, releases] = await answers(address, contract, 'rightsOf', [insurer, account]);
      return { spends: z.boolean().parse(spends), releases: z.boolean().parse(releases) };
    },

    rightHolders: async (insurer, fromBlock) => readRightHolders(await logsSince(rightsFilter(insurer), fromBlock)),

    async proposals(insurer, references, fromBlock) {
      if (references.length === 0) return [];
      const asked = proposalFilters(insurer, references).map((topics) => logsSince(topics, fromBlock));
      return readProposals(await Promise.all(asked));
    },

    async decimalsOf(coin) {
      if (nobody.test(coin)) return 18;
      return Number(z.bigint().parse(await view(coin, erc20, 'decimals', [])));
    },

    async coinOf(coin, holder) {
      if (nobody.test(coin)) throw new AppError('INVALID_INPUT', 'ether has no permits');
      const of = (name: string, args: unknown[] = []) => view(coin, erc20, name, args);
      const data = domainOf.encodeFunctionData('eip712Domain');
      const asked = rpc('eth_call', [{ to: coin, data }, 'latest']).catch((error: unknown) => {
        if (!(error instanceof RpcRefusal)) throw error;
        throw new AppError('INVALID_INPUT', `${coin} has no permits`, { cause: error });
      });
      const [symbol, decimals, balance, nonce, domain] = await Promise.all([
        ...[of('symbol'), of('decimals'), of('balanceOf', [holder]), of('nonces', [holder])],
        asked,
      ]);
      const [, name, version, chain] = domainOf.decodeFunctionResult('eip712Domain', hexText.parse(domain));
      const whole = z.bigint();
      return {
        ...{ address: coin, name: z.string().parse(name), version: z.string().parse(version) },
        ...{ chainId: Number(whole.parse(chain)), symbol: z.string().parse(symbol) },
        ...{
          decimals: Number(whole.parse(decimals)),
          balance: `${whole.parse(balance)}`,
          nonce: `${whole.parse(nonce)}`,
        },
      };
    },

    async readBlock(number) {
      const named = number === 'latest' ? number : `0x${number.toString(16)}`;
      return blockShape.parse(await rpc('eth_getBlockByNumber', [named, false])) ?? undefined;
    },

    eventsIn: (blockHash) => events({ blockHash }),

    eventsBetween: (from, to) => events({ fromBlock: `0x${from.toString(16)}`, toBlock: `0x${to.toString(16)}` }),

    payByPermit: (quote, signature, permit) =>
      options.submit({
        to: address,
        data: contract.encodeFunctionData('payCoPayWithPermit', [quote, signature, permit]),
      }),

    refundableOf: async (payer, coin) => z.bigint().parse(await view(address, contract, 'refundableOf', [payer, coin])),

    sendRefund: (payer, coin) =>
      options.submit({ to: address, data: contract.encodeFunctionData('withdrawRefund', [payer, coin]) }),
  };
}
