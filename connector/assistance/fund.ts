import { type Address, createWalletClient, type Hex, http } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { assistanceFundAbi } from '#contracts/abi/assistanceFund.ts';
import { ConnectorError } from '../errors.ts';
import { openChain } from '../ethereum/chain.ts';
import { createQueue, type Queue } from '../ethereum/queue.ts';
import { refusalOf } from '../ethereum/refusal.ts';
import type { HelpRequest } from './schema.ts';

export interface FundAccess {
  rpcUrl: string;
  address: Address;
  /** Has `OFFICER_ROLE`. */
  key: Hex;
  /** What the account sends besides goes through the same queue. */
  inTurn: Queue;
}

/** What a claim was helped with. */
export interface Help {
  /** In the coin's smallest unit, decimal. */
  amount: string;
  transactionHash: Hex;
}

/** The assistance fund's officer. */
export interface FundOffice {
  /**
   * Grants help with a patient's share and pays it, each where the contract does not say that it is done: it may be asked again after any
   * crash, and pays nothing twice. A grant by which nothing can be paid is ended. Throws WRONG_STATE with the
   * contract's error, ETHEREUM_UNAVAILABLE.
   */
  help(request: HelpRequest): Promise<Help>;
}

/** A grant is for what is paid at once: it stands for a day at most, in seconds. */
const grantedFor = 86_400;

export function openFundOffice(access: FundAccess): FundOffice {
  const { rpcUrl, address, key, inTurn } = access;
  const contract = { address, abi: assistanceFundAbi } as const;
  /** One claim after another, so that two requests for one see what the other did. */
  const oneByOne = createQueue();

  const connect = async () => {
    const chain = await openChain(rpcUrl);
    const transport = http(rpcUrl, { timeout: 10_000 });
    const wallet = createWalletClient({ account: privateKeyToAccount(key), chain: chain.chain, transport });
    const mined = async (send: () => Promise<Hex>) => {
      const hash = await inTurn(send);
      const { status } = await chain.waitForTransactionReceipt({ hash, timeout: 20_000 });
      if (status !== 'success') throw new ConnectorError('WRONG_STATE', `the chain reverted ${hash}`);
    };
    return { chain, wallet, mined };
  };
  type Connected = Awaited<ReturnType<typeof connect>>;

  const grantOf = ({ chain }: Connected, claim: Hex) =>
    chain.readContract({ ...contract, functionName: 'grantOf', args: [claim] });

  const helped = async ({ chain }: Connected, claim: Hex): Promise<Help | undefined> => {
    const range = { fromBlock: 'earliest', toBlock: 'latest' } as const;
    const logs = await chain.getContractEvents({ ...contract, ...range, eventName: 'GrantPaid', args: { claim } });
    const last = logs.at(-1);
    if (last === undefined) return undefined;
    const amount = logs.reduce((sum, { args }) => sum + (args.amount ?? 0n), 0n);
    return { amount: `${amount}`, transactionHash: last.transactionHash };
  };

  const grant = async (connected: Connected, { quote, beneficiary, amount }: HelpRequest) => {
    const { chain, wallet, mined } = connected;
    const [rules, { timestamp }] = await Promise.all([
      chain.readContract({ ...contract, functionName: 'rules' }),
      chain.getBlock(),
    ]);
    const deadline = Number(timestamp) + Math.min(rules.grantLife, grantedFor);
    const args = [quote.claim, quote.insurer, quote.payee, beneficiary, amount, deadline] as const;
    await mined(() => wallet.writeContract({ ...contract, functionName: 'grant', args }));
  };

  const end = async ({ wallet, mined }: Connected, claim: Hex) =>
    mined(() => wallet.writeContract({ ...contract, functionName: 'endGrant', args: [claim] }));

  const pay = async (connected: Connected, { quote, signature }: HelpRequest) => {
    const { wallet, mined } = connected;
    try {
      await mined(() => wallet.writeContract({ ...contract, functionName: 'pay', args: [quote, signature] }));
    } catch (error) {
      if (refusalOf(error) !== undefined) await end(connected, quote.claim);
      throw error;
    }
  };

  const help = async (request: HelpRequest): Promise<Help> => {
    const { claim } = request.quote;
    const connected = await connect();
    if ((await helped(connected, claim)) === undefined) {
      if ((await grantOf(connected, claim)).deadline === 0) await grant(connected, request);
      const { insurer, payee, beneficiary } = await grantOf(connected, claim);
      const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
      const isOf = same(insurer, request.quote.insurer) && same(payee, request.quote.payee);
      if (!isOf || !same(beneficiary, request.beneficiary)) {
        throw new ConnectorError('WRONG_STATE', 'help with this claim is granted otherwise');
      }
      await pay(connected, request);
    }
    // What is granted beyond what was owed goes back.
    if ((await grantOf(connected, claim)).left > 0n) await end(connected, claim);
    const done = await helped(connected, claim);
    if (done === undefined) throw new ConnectorError('ETHEREUM_UNAVAILABLE', 'the chain has lost the payment');
    return done;
  };

  return {
    help: (request) =>
      oneByOne(async () => {
        try {
          return await help(request);
        } catch (cause) {
          if (cause instanceof ConnectorError) throw cause;
          const refused = refusalOf(cause);
          if (refused !== undefined) throw new ConnectorError('WRONG_STATE', refused, { cause });
          throw new ConnectorError('ETHEREUM_UNAVAILABLE', 'the assistance fund does not answer', { cause });
        }
      }),
  };
}
