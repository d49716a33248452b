import { getAddress, Interface, Result, ZeroHash, zeroPadValue } from 'ethers';
import { z } from 'zod';
import { assistanceFundAbi } from '#contracts/abi/assistanceFund.ts';
import { AppError } from '#server/errors.ts';
import {
  adminTopics,
  type FundEvent,
  fundTopics,
  readAppointed,
  readFundEvents,
  readLogs,
  transferTopic,
} from './fundEvents.ts';
import { openRpc, RpcRefusal } from './rpc.ts';
import type { Call } from './submitter.ts';
import { contractView } from './view.ts';

/** What officers are held to; amounts in the coin's smallest unit, times in seconds. */
export interface FundRules {
  perGrant: bigint;
  perBeneficiary: bigint;
  perPeriod: bigint;
  /** Periods are counted from 1970. */
  period: number;
  grantLife: number;
}

/** In the coin's smallest unit. */
export interface FundBooks {
  given: bigint;
  /** And not paid yet. */
  granted: bigint;
  paid: bigint;
  /** To be granted. */
  left: bigint;
}

/** `AssistanceFund` on Ethereum. All throw ETHEREUM_UNAVAILABLE where the chain does not answer. */
export interface FundGateway {
  address: string;
  /** Of the chain that it is on. */
  chainId(): Promise<number>;
  coinSymbol(): Promise<string>;
  rules(): Promise<FundRules>;
  books(): Promise<FundBooks>;
  /** What counts to the budget of a period, in all and for one beneficiary: 64 hex digits. */
  grantedIn(period: number, beneficiary: string): Promise<{ all: bigint; own: bigint }>;
  /** Whether help with a claim stands granted, paid or not. */
  isGranted(reference: string): Promise<boolean>;
  /** Whether an address may set the rules: has `DEFAULT_ADMIN_ROLE`. */
  isAdmin(account: string): Promise<boolean>;
  /** Who was let set the rules at any time, and may be let no more. */
  appointedAdmins(): Promise<string[]>;
  /** All that happened, oldest first. What is final is asked for once. */
  events(): Promise<FundEvent[]>;
  /** Takes in what was given back to the fund, and waits until it is mined. */
  takeRefund(): Promise<{ transactionHash: string }>;
}

export interface FundOptions {
  rpcUrl: string;
  fundAddress: string;
  /** ERC-20 token that the fund holds. */
  coin: string;
  /** Nothing was there before. */
  fromBlock: number;
  /** How many blocks after its own make something final. */
  confirmations: number;
  /** Sends a call and waits until it is mined. */
  submit: (call: Call) => Promise<{ transactionHash: string }>;
}

const fund = new Interface(assistanceFundAbi);
const erc20 = new Interface(['function symbol() view returns (string)']);
const numberOf = z.bigint().transform(Number);
const rulesShape = z.object({
  ...{ perGrant: z.bigint(), perBeneficiary: z.bigint(), perPeriod: z.bigint() },
  ...{ period: numberOf, grantLife: numberOf },
});
const booksShape = z.tuple([z.bigint(), z.bigint(), z.bigint(), z.bigint()]);
const quantity = z
  .string()
  .regex(/^0x[0-9a-fA-F]{1,13}$/)
  .transform(Number);
/** So many blocks are asked for at once. */
const rangeBlocks = 2_000;

export function openFund(options: FundOptions): FundGateway {
  const rpc = openRpc(options.rpcUrl);
  const address = getAddress(options.fundAddress);
  const answers = contractView(rpc);
  const view = (name: string, args: unknown[] = []) => answers(address, fund, name, args);
  let known = { upTo: options.fromBlock - 1, events: [] as FundEvent[] };

  const asked = async (method: string, params: unknown[]): Promise<unknown> => {
    try {
      return await rpc(method, params, 20_000);
    } catch (error) {
      if (error instanceof RpcRefusal) throw new AppError('ETHEREUM_UNAVAILABLE', error.message, { cause: error });
      throw error;
    }
  };
  const named = (block: number) => `0x${block.toString(16)}`;
  const timeOf = async (block: number): Promise<number> =>
    z.object({ timestamp: quantity }).parse(await asked('eth_getBlockByNumber', [named(block), false])).timestamp;
  const between = async (from: number, to: number): Promise<FundEvent[]> => {
    if (to < from) return [];
    const range = { fromBlock: named(from), toBlock: named(to) };
    const coming = [transferTopic, null, zeroPadValue(address, 32)];
    const [told, transfers] = await Promise.all([
      asked('eth_getLogs', [{ ...range, address, topics: [fundTopics] }]),
      asked('eth_getLogs', [{ ...range, address: options.coin, topics: coming }]),
    ]);
    return readFundEvents(readLogs(told), readLogs(transfers), timeOf);
  };

  const read = async (): Promise<FundEvent[]> => {
    const head = quantity.parse(await asked('eth_blockNumber', []));
    const final = head - options.confirmations;
    let { upTo, events } = known;
    // Another chain than before.
    if (upTo > head) ({ upTo, events } = { upTo: options.fromBlock - 1, events: [] });
    while (upTo < final) {
      const to = Math.min(upTo + rangeBlocks, final);
      events = [...events, ...(await between(upTo + 1, to))];
      upTo = to;
      known = { upTo, events };
    }
    return [...events, ...(await between(upTo + 1, head))];
  };

  return {
    address,

    chainId: async () => quantity.parse(await asked('eth_chainId', [])),

    coinSymbol: async () =>
      z
        .string()
        .max(40)
        .parse((await answers(options.coin, erc20, 'symbol', []))[0]),

    rules: async () =>
      rulesShape.parse(
        z
          .instanceof(Result)
          .parse((await view('rules'))[0])
          .toObject(),
      ),

    async books() {
      const [given, granted, paid, left] = booksShape.parse([...(await view('books'))]);
      return { given, granted, paid, left };
    },

    async grantedIn(period, beneficiary) {
      const [all, own] = z
        .tuple([z.bigint(), z.bigint()])
        .parse([...(await view('grantedIn', [period, `0x${beneficiary}`]))]);
      return { all, own };
    },

    async isGranted(reference) {
      const [grant] = await view('grantOf', [`0x${reference}`]);
      return z.object({ deadline: z.bigint() }).parse(z.instanceof(Result).parse(grant).toObject()).deadline > 0n;
    },

    async isAdmin(account) {
      const [has] = await view('hasRole', [ZeroHash, account]);
      return z.boolean().parse(has);
    },

    /** One question, however long the chain is; nodes that answer for few blocks at once refuse it. */
    async appointedAdmins() {
      const range = { fromBlock: named(options.fromBlock), toBlock: 'latest' };
      return readAppointed(await asked('eth_getLogs', [{ ...range, address, topics: adminTopics }]));
    },

    events: read,

    takeRefund: () => options.submit({ to: address, data: fund.encodeFunctionData('takeRefund') }),
  };
}
