import type { Hex } from 'viem';
import type { Claim } from '#chaincode/model/claim.ts';
import { decisionInForce } from '#chaincode/model/usage.ts';
import { institutionHash } from '#contracts/typedData.ts';
import { ConnectorError } from '../errors.ts';
import { refusalOf } from '../ethereum/refusal.ts';
import type { ConnectorLog } from '../log.ts';
import type { ClaimsLedger } from './claimsLedger.ts';
import { eachApart } from './inTurns.ts';
import type { Bench } from './judging.ts';
import { SetAside } from './setAside.ts';
import { asked, endPayments, quoteFor, referenceHex, type SettlementClient, type SignedQuote } from './settlement.ts';

/** Claims that are paid in one transaction. */
const mostPaid = 20;

interface Due {
  claim: Claim;
  quoted: SignedQuote;
}

/**
 * Pays the insurer's shares of approved claims from its account, and tells the ledger by which transaction. It keeps nothing: whether a share
 * is paid says the contract, so that a crash in between pays nothing twice. Shares above the insurer's threshold it only
 * proposes: another person releases them.
 */
export class Payer {
  readonly #bench: Pick<Bench, 'known' | 'insurer'> & { ledger: Pick<ClaimsLedger, 'claim' | 'settle'> };
  readonly #client: () => Promise<SettlementClient>;
  readonly #log: Pick<ConnectorLog, 'info' | 'warn'>;
  /** What the contract refuses for now (the day's limit, no funds, an unknown payee), what is paid and not final, and what failed. */
  readonly #setAside = new SetAside();
  /** Reversed claims of which the chain shows that nothing more is paid. */
  readonly #ended = new Set<string>();

  constructor(bench: Bench, client: () => Promise<SettlementClient>, log: Pick<ConnectorLog, 'info' | 'warn'>) {
    this.#bench = bench;
    this.#client = client;
    this.#log = log;
  }

  /** Pays what is due. Answers how many payments the ledger was told of. Throws what is away. */
  async round(): Promise<number> {
    const { known, ledger, insurer } = this.#bench;
    this.#setAside.keepOnly([...known.payable(), ...known.reversed()]);
    const ids = known.payable().filter((id) => !this.#setAside.has(id));
    if (ids.length === 0) return 0;
    const client = await this.#client();
    let told = 0;
    const due: Due[] = [];
    await this.#each(ids, async (id) => {
      const claim = await ledger.claim(id);
      if (!isPayable(claim)) known.again(id);
      else {
        const paid = await paidBy(claim, client);
        if (paid !== undefined && paid === claim.settlement?.transactionHash) this.#wait(claim);
        else if (paid !== undefined) told += await this.#tell([claim], paid);
        else due.push({ claim, quoted: await quoteFor(claim, insurer, client) });
      }
    });
    const proposed = await this.#propose(due, client);
    const rest = due.filter((each) => !proposed.has(each));
    for (let at = 0; at < rest.length; at += mostPaid) told += await this.#pay(rest.slice(at, at + mostPaid), client);
    return told;
  }

  /** Sees that nothing more is paid of claims that were reversed: a quote of before may be in somebody's hands. Throws what is away. */
  async endReversed(): Promise<void> {
    const { known, ledger, insurer } = this.#bench;
    const ids = known.reversed().filter((id) => !this.#ended.has(id) && !this.#setAside.has(id));
    await this.#each(ids, async (id) => {
      const claim = await ledger.claim(id);
      if (await endPayments(claim, insurer, await this.#client())) {
        this.#log.info({ claim: id }, 'nothing more is paid of it');
        this.#ended.add(id);
      } else this.#wait(claim);
    });
  }

  /** What fails of one holds up no other. */
  async #each(ids: readonly string[], work: (id: string) => Promise<void>): Promise<void> {
    await eachApart([ids], 1, work, (claim, err) => {
      this.#setAside.wait(claim);
      this.#log.warn({ err, claim }, 'this claim will be tried again');
    });
  }

  #wait({ id }: Claim): void {
    this.#setAside.wait(id);
  }

  /** Those above the threshold, each proposed once. */
  async #propose(due: readonly Due[], client: SettlementClient): Promise<Set<Due>> {
    const { chain, contract, access } = client;
    const args = [institutionHash(this.#bench.insurer), access.coin] as const;
    const { releaseAbove } = await asked(() => chain.readContract({ ...contract, functionName: 'purseOf', args }));
    const high = due.filter(({ quoted: [{ insurerAmount }] }) => insurerAmount > releaseAbove);
    for (const { claim, quoted } of high) {
      this.#wait(claim);
      if (await isProposed(quoted, client)) continue;
      const hash = await this.#sent([claim], () =>
        client.wallet.writeContract({ ...contract, functionName: 'propose', args: quoted }),
      );
      if (hash !== undefined) await isMined(hash, client);
    }
    return new Set(high);
  }

  /** All or none; where the contract refuses all, each by itself, so that one holds up no other. */
  async #pay(due: readonly Due[], client: SettlementClient): Promise<number> {
    const { contract, wallet } = client;
    const args = [due.map(({ quoted: [quote] }) => quote), due.map(({ quoted: [, signature] }) => signature)] as const;
    const claims = due.map(({ claim }) => claim);
    const hash = await this.#sent(claims, () =>
      wallet.writeContract({ ...contract, functionName: 'settleBatch', args }),
    );
    if (hash !== undefined && (await isMined(hash, client))) return this.#tell(claims, hash);
    const [only] = claims;
    if (due.length === 1 && only !== undefined) {
      this.#wait(only);
      return 0;
    }
    let told = 0;
    for (const one of due) told += await this.#pay([one], client);
    return told;
  }

  /** Undefined where the contract refuses it, which is estimated before it is sent. */
  async #sent(claims: readonly Claim[], send: () => Promise<Hex>): Promise<Hex | undefined> {
    try {
      return await asked(send);
    } catch (error) {
      const refused = refusalOf(error);
      if (refused === undefined) throw error;
      this.#log.warn({ claims: claims.map(({ id }) => id), refused }, 'the contract refuses a payment');
      return undefined;
    }
  }

  async #tell(claims: readonly Claim[], transactionHash: Hex): Promise<number> {
    let told = 0;
    for (const { id } of claims) {
      try {
        await this.#bench.ledger.settle({ claim: id, transactionHash });
        told += 1;
      } catch (error) {
        // Told before, or anchored or reversed meanwhile.
        const isOver = error instanceof ConnectorError && ['ALREADY_EXISTS', 'WRONG_STATE'].includes(error.code);
        if (!isOver) throw error;
      }
      this.#bench.known.again(id);
    }
    this.#log.info({ claims: claims.length, transactionHash }, 'paid');
    return told;
  }
}

/** Whether the insurer owes something of it that is not final: what is on its way may be lost in a reorganisation. */
export const isPayable = (claim: Claim): boolean =>
  claim.use === 'claim' &&
  ['approved', 'partlyApproved', 'settled'].includes(claim.state) &&
  (decisionInForce(claim)?.insurer ?? 0) > paidOnLedger(claim);
const paidOnLedger = ({ receipts }: Claim) =>
  receipts
    .filter(({ payer }) => payer === 'insurer')
    .reduce((sum, { kind, amount }) => sum + (kind === 'payment' ? amount : -amount), 0);

const everSince = ({ access }: SettlementClient) => ({
  ...{ fromBlock: BigInt(access.fromBlock), toBlock: 'latest' as const },
});

/** The transaction by which all of the share was paid; undefined where it was not. */
async function paidBy(claim: Claim, client: SettlementClient): Promise<Hex | undefined> {
  const { chain, contract, unit } = client;
  const args = { claim: referenceHex(claim) };
  const insurer = institutionHash(claim.insurer);
  const of = [args.claim, insurer] as const;
  const bill = await asked(() => chain.readContract({ ...contract, functionName: 'billOf', args: of }));
  if (bill.insurerPaid < BigInt(decisionInForce(claim)?.insurer ?? 0) * unit) return undefined;
  const logs = await asked(() =>
    chain.getContractEvents({ ...contract, ...everSince(client), eventName: 'Paid', args }),
  );
  // Another insurer may have paid something under the same reference: that is not of this claim.
  return logs.filter(({ args: paid }) => paid.kind === 0 && paid.insurer === insurer).at(-1)?.transactionHash;
}

/** Whether it is proposed and not released since: what was given back after it was paid is owed again by the same quote, and proposed anew. */
async function isProposed([{ claim, insurer, version }]: SignedQuote, client: SettlementClient): Promise<boolean> {
  const { chain, contract } = client;
  const of = { ...contract, ...everSince(client), args: { claim, insurer } };
  const [proposed, released] = await asked(() =>
    Promise.all([
      chain.getContractEvents({ ...of, eventName: 'Proposed' }),
      chain.getContractEvents({ ...of, eventName: 'Released' }),
    ]),
  );
  const last = [...proposed, ...released]
    .filter((log) => log.args.version === version)
    .sort((a, b) => Number(a.blockNumber - b.blockNumber) || a.logIndex - b.logIndex)
    .at(-1);
  return last?.eventName === 'Proposed';
}

async function isMined(hash: Hex, { chain }: SettlementClient): Promise<boolean> {
  const receipt = await asked(() => chain.waitForTransactionReceipt({ hash, timeout: 60_000 }));
  return receipt.status === 'success';
}
