import type { Address, Hex } from 'viem';
import { getTransactionCount } from 'viem/actions';
import type { Connector } from 'wagmi';
import { sendTransaction } from 'wagmi/actions';
import type { WalletConfig } from '#components/wallet/config.ts';
import { approvalFor, type ContractCall, chainOf, gasOf, requireCoins, type WalletCall } from './checkCall.ts';
import { type Followed, type FollowOptions, findAnswer, followTransaction } from './followTransaction.ts';
import { type OpenWallet, openWallet } from './openWallet.ts';
import { findSent, forgetSent, keepSent, type SentStorage, type SentTransaction } from './sentTransactions.ts';
import { WalletProblem, walletProblemOf } from './walletProblem.ts';

/** What a person sees of something that is sent by a wallet. */
export type WalletState =
  | { step: 'idle' }
  | { step: 'connecting' | 'switching' | 'checking' | 'approving' | 'confirming' }
  /** Of what a wallet signs and the portal brings. */
  | { step: 'signing' | 'bringing' }
  /** In no block yet; an approval lets the contract take coins, and the call itself comes after it. */
  | { step: 'sent'; part: 'approval' | 'call'; hash: Hex; why?: 'slow' | 'unreachable' }
  /** The wallet was asked, and whether it has sent anything is not known. */
  | { step: 'unsure' }
  | { step: 'done'; hash: Hex; isRepriced: boolean }
  | { step: 'failed'; problem: WalletProblem; hash?: Hex };

export interface WalletOrder {
  connector: Connector;
  /** The address that alone may send it. */
  only?: Address | undefined;
  /** What is sent, when the wallet's account is known. What it throws is shown as what prevents it. */
  compose: (account: Address, config: WalletConfig) => WalletCall | Promise<WalletCall>;
}

/** Does work on one thing while no other tab does. Throws ELSEWHERE where one does and `waits` is not set. */
function exclusively(key: string, waits: boolean, signal: AbortSignal | undefined, work: () => Promise<void>) {
  const options = waits ? { ...(signal && { signal }) } : { ifAvailable: true };
  return navigator.locks.request(`medloom/${key}`, options, (lock) => {
    if (lock === null) throw new WalletProblem('ELSEWHERE');
    return work();
  });
}

/** Codes with which a wallet or the portal says that nothing was sent. */
const unsent: readonly string[] = [
  ...['REJECTED', 'REFUSED', 'NO_GAS', 'WRONG_CHAIN', 'WALLET_LIMITED', 'VAULT_LOCKED', 'RATE_LIMITED'],
];
/** Outcomes after which nothing of a transaction is to be waited for. */
const over: readonly string[] = ['REVERTED', 'CANCELLED', 'REPLACED', 'UNKNOWN'];

/**
 * One thing that is sent by a wallet of this browser, known by its key: it is sent once, followed until it is in a block, and found
 * again after a reload. Never throws; what went wrong is in its state.
 */
export class WalletTransaction {
  readonly #config: WalletConfig;
  readonly #key: string;
  readonly #storage: () => SentStorage;
  readonly #times: Pick<FollowOptions, 'patienceMs' | 'droppedAfterMs'>;
  readonly #listeners = new Set<() => void>();
  #state: WalletState = { step: 'idle' };

  constructor(
    config: WalletConfig,
    key: string,
    options: Pick<FollowOptions, 'patienceMs' | 'droppedAfterMs'> & { storage?: () => SentStorage } = {},
  ) {
    const { storage = () => localStorage, ...times } = options;
    this.#config = config;
    this.#key = key;
    this.#storage = storage;
    this.#times = times;
  }

  readonly state = (): WalletState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Back to the beginning, where nothing is under way. */
  readonly close = (): void => {
    if (this.#state.step === 'done' || this.#state.step === 'failed') this.#set({ step: 'idle' });
  };

  /** Goes on waiting for what was sent before, where there is something; also while another tab does. */
  readonly resume = async (signal?: AbortSignal): Promise<void> => {
    if (!this.#showKnown()) return;
    await this.#attempt(true, signal, async () => {
      const sent = this.#find('call');
      if (sent !== undefined) return this.#done(await this.#awaited('call', sent, signal));
      const approval = this.#find('approval');
      if (approval === undefined || (await this.#awaited('approval', approval, signal)) !== undefined)
        this.#set({ step: 'idle' });
    });
  };

  /**
   * Sends it, after it was checked that it can be done, and follows it. What was dropped before, or may be with the wallet still, is
   * sent again in its place, so that never both are done.
   */
  readonly send = (order: WalletOrder, signal?: AbortSignal): Promise<void> =>
    this.#attempt(false, signal, async () => {
      const before = this.#find('call');
      const there = before && (await this.#found(before));
      // What was sent already is followed, whatever is asked for now.
      if (there !== undefined) return this.#done(await this.#awaited('call', there, signal));
      const { connector, only, compose } = order;
      const onStep = (step: 'connecting' | 'switching') => this.#set({ step });
      const wallet = await openWallet(this.#config, connector, { only, onStep });
      this.#set({ step: 'checking' });
      const call = await compose(wallet.account, this.#config);
      if (call.takes !== undefined) await requireCoins(this.#config, wallet.account, call.takes);
      const approval = await approvalFor(this.#config, wallet.account, call);
      if (approval !== undefined) {
        const sent = await this.#sent('approval', wallet, approval, signal);
        if (sent === undefined || (await this.#awaited('approval', sent, signal)) === undefined) return;
        this.#set({ step: 'checking' });
      }
      const sent = await this.#sent('call', wallet, call, signal);
      if (sent !== undefined) this.#done(await this.#awaited('call', sent, signal));
    });

  async #attempt(waits: boolean, signal: AbortSignal | undefined, work: () => Promise<void>): Promise<void> {
    try {
      await exclusively(this.#key, waits, signal, work);
    } catch (error) {
      // The page was left; what was sent is remembered.
      if (signal?.aborted) return;
      const { hash } = this.#state.step === 'sent' ? this.#state : {};
      this.#set({ step: 'failed', problem: walletProblemOf(error), ...(hash && { hash }) });
    }
  }

  /** Shows at once what is remembered, and says whether anything is. */
  #showKnown(): boolean {
    const parts = ['call', 'approval'] as const;
    const part = parts.find((each) => this.#find(each) !== undefined);
    const hash = part && this.#find(part)?.hash;
    if (part !== undefined) this.#set(hash ? { step: 'sent', part, hash } : { step: 'confirming' });
    return part !== undefined;
  }

  /** Has the wallet send a call, and remembers it from before the wallet is asked. Undefined where its answer did not arrive. */
  async #sent(
    part: 'approval' | 'call',
    { account, connector }: OpenWallet,
    { to, data, value = 0n }: ContractCall,
    signal: AbortSignal | undefined,
  ): Promise<SentTransaction | undefined> {
    const before = this.#find(part);
    const there = before && (await this.#found(before));
    if (there !== undefined) return there;
    const client = chainOf(this.#config);
    const gas = await gasOf(this.#config, account, { to, data, value });
    const next = await getTransactionCount(client, { address: account, blockTag: 'pending' });
    const isFree = before !== undefined && before.from.toLowerCase() === account.toLowerCase() && before.nonce >= next;
    const nonce = isFree ? before.nonce : next;
    const asked: SentTransaction = {
      ...{ key: this.#keyOf(part), chainId: client.chain.id, from: account, to, data, value: `${value}` },
      ...{ nonce, isSeen: false, hash: null, at: Date.now() },
    };
    // Who has left the page before the wallet was asked has thought better of it.
    signal?.throwIfAborted();
    this.#keep(asked);
    this.#set({ step: part === 'approval' ? 'approving' : 'confirming' });
    try {
      const hash = await sendTransaction(this.#config, {
        ...{ account, connector, chainId: client.chain.id, to, data, value, gas },
        // A wallet knows best what it has on its way, unless it is to take this one's place.
        ...(isFree && { nonce }),
      });
      const sent = { ...asked, hash };
      this.#keep(sent);
      return sent;
    } catch (error) {
      const problem = walletProblemOf(error);
      if (unsent.includes(problem.code)) {
        if (before === undefined) this.#forget(part);
        else this.#keep(before);
        throw problem;
      }
      const answered = await this.#answered(asked);
      if (answered === undefined) this.#set({ step: 'unsure' });
      return answered;
    }
  }

  /** Waits for it, and forgets it once it is over. Undefined where it is not known whether anything was sent. */
  async #awaited(
    part: 'approval' | 'call',
    remembered: SentTransaction,
    signal: AbortSignal | undefined,
  ): Promise<Followed | undefined> {
    const sent = remembered.hash === null ? await this.#answered(remembered) : remembered;
    if (sent?.hash == null) {
      this.#set({ step: 'unsure' });
      return undefined;
    }
    let { hash } = sent;
    this.#set({ step: 'sent', part, hash });
    try {
      const followed = await followTransaction(
        this.#config,
        { ...sent, hash },
        {
          ...this.#times,
          signal,
          onSeen: (seen) => {
            this.#keep(seen);
            hash = seen.hash;
            this.#set({ step: 'sent', part, hash });
          },
          onWaiting: (why) => this.#set({ step: 'sent', part, hash, why }),
        },
      );
      this.#forget(part);
      return followed;
    } catch (error) {
      if (error instanceof WalletProblem && over.includes(error.code)) this.#forget(part);
      throw error;
    }
  }

  /** As `#found`; undefined, too, where the chain does not answer: the person is told that it is not known, and looks again. */
  async #answered(asked: SentTransaction): Promise<SentTransaction | undefined> {
    try {
      return await this.#found(asked);
    } catch (error) {
      if (error instanceof WalletProblem) throw error;
      return undefined;
    }
  }

  /**
   * What the wallet has sent of what it was asked to; undefined where the chain has nothing of it. Throws UNKNOWN, and forgets it, where
   * only the wallet knows, and where the chain does not answer.
   */
  async #found(asked: SentTransaction): Promise<SentTransaction | undefined> {
    try {
      const found = await findAnswer(this.#config, asked);
      if (found !== undefined) this.#keep(found);
      return found;
    } catch (error) {
      if (error instanceof WalletProblem) forgetSent(asked.key, this.#storage());
      throw error;
    }
  }

  #done(followed: Followed | undefined): void {
    if (followed !== undefined) this.#set({ step: 'done', ...followed });
  }

  #set(state: WalletState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }

  #keyOf = (part: 'approval' | 'call') => (part === 'call' ? this.#key : `${this.#key}/approval`);
  #find(part: 'approval' | 'call'): SentTransaction | undefined {
    const found = findSent(this.#keyOf(part), this.#storage());
    return found?.chainId === this.#config.chains[0].id ? found : undefined;
  }
  #keep = (sent: SentTransaction) => keepSent(sent, this.#storage());
  #forget = (part: 'approval' | 'call') => forgetSent(this.#keyOf(part), this.#storage());
}
