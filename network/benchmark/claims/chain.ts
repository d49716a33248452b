import { createPublicClient, encodeFunctionData, type Hex, http, keccak256, parseSignature } from 'viem';
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts';
import { careSettlementAbi } from '#contracts/abi/careSettlement.ts';
import { testCoinAbi } from '#contracts/abi/testCoin.ts';
import type { SettlementChain } from '#contracts/testing/settlementChain.ts';
import { permitDeadline, permitTypes, type Quote, reversalTypes } from '#contracts/typedData.ts';

/** What somebody sends to the settlement. */
export interface Call {
  from: PrivateKeyAccount;
  data: Hex;
  gas: bigint;
  /** Whether the contract has to refuse it. */
  refused?: boolean;
}

/** A call as it is on the chain, or was. */
export interface Sent extends Call {
  nonce: number;
  /** How often it was signed. */
  signings: number;
  raw: Hex;
  hash: Hex;
}

const gwei = 10n ** 9n;
const abi = careSettlementAbi;

/**
 * A chain that makes a block when it is told to, and keeps what each block holds, so that it can be brought again after a
 * reorganisation: signed anew, with another hash, or as it was.
 */
export class PaymentChain {
  readonly chain: SettlementChain;
  /** Pays by permits that others bring, and has no ether. */
  readonly holder = privateKeyToAccount(generatePrivateKey());
  readonly relay: PrivateKeyAccount;
  readonly client: ReturnType<typeof clientOf>;
  readonly #nonces = new Map<string, number>();
  readonly #blocks: Sent[][] = [];
  #permits = 0n;

  constructor(chain: SettlementChain) {
    this.chain = chain;
    this.client = clientOf(chain.url);
    this.relay = privateKeyToAccount(chain.submitterKey);
  }

  /** From now on blocks are made by `include` and `mine` alone. */
  begin(): Promise<void> {
    return this.chain.controls.setAutomine(false);
  }

  settle([quote, signature]: readonly [Quote, Hex], amount: bigint): Call {
    const data = encodeFunctionData({ abi, functionName: 'settle', args: [quote, signature, amount] });
    return { from: this.chain.adjudicator, data, gas: 400_000n };
  }

  settleBatch(quoted: readonly (readonly [Quote, Hex])[], refused = false): Call {
    const args = [quoted.map(([quote]) => quote), quoted.map(([, signature]) => signature)] as const;
    const data = encodeFunctionData({ abi, functionName: 'settleBatch', args });
    return { from: this.chain.adjudicator, data, gas: 300_000n * BigInt(quoted.length), ...(refused && { refused }) };
  }

  coPay([quote, signature]: readonly [Quote, Hex]): Call {
    const data = encodeFunctionData({ abi, functionName: 'payCoPay', args: [quote, signature, quote.patientAmount] });
    return { from: this.chain.patient, data, gas: 400_000n };
  }

  async coPayByPermit([quote, signature]: readonly [Quote, Hex]): Promise<Call> {
    const { domain, deployment } = this.chain;
    const validUntil = Math.floor(Date.now() / 1_000) + 7 * 86_400;
    const deadline = permitDeadline(domain, quote, validUntil);
    const nonce = this.#permits;
    this.#permits += 1n;
    const coin = { address: deployment.settlementCoin, abi: testCoinAbi } as const;
    const [, name, version] = await this.client.readContract({ ...coin, functionName: 'eip712Domain' });
    const { r, s, yParity } = parseSignature(
      await this.holder.signTypedData({
        domain: { name, version, chainId: domain.chainId, verifyingContract: coin.address },
        types: permitTypes,
        primaryType: 'Permit',
        message: {
          owner: this.holder.address,
          spender: deployment.careSettlement,
          value: quote.patientAmount,
          nonce,
          deadline,
        },
      }),
    );
    const permit = {
      payer: this.holder.address,
      amount: quote.patientAmount,
      validUntil,
      nonce,
      v: 27 + yParity,
      r,
      s,
    };
    const data = encodeFunctionData({ abi, functionName: 'payCoPayWithPermit', args: [quote, signature, permit] });
    return { from: this.relay, data, gas: 500_000n };
  }

  /** The payee gives back; `kind` as the contract numbers payers. */
  refund({ claim, insurer }: Quote, kind: 0 | 1, payer: Hex, amount: bigint): Call {
    const args = [claim, insurer, kind, payer, amount, false] as const;
    const data = encodeFunctionData({ abi, functionName: 'refund', args });
    return { from: this.chain.pharmacy, data, gas: 400_000n };
  }

  /** Ends a claim's payments for good. */
  async reverse(claim: Hex, insurer: Hex): Promise<Call> {
    const typed = { domain: this.chain.domain, types: reversalTypes, primaryType: 'Reversal' } as const;
    const signature = await this.chain.adjudicator.signTypedData({ ...typed, message: { claim, insurer } });
    const data = encodeFunctionData({ abi, functionName: 'reverse', args: [claim, insurer, signature] });
    return { from: this.chain.pharmacy, data, gas: 300_000n };
  }

  /** Makes a block of these calls, and sees that it took and refused what it had to. */
  async include(calls: readonly Call[]): Promise<Sent[]> {
    const sent: Sent[] = [];
    for (const call of calls) {
      const key = call.from.address;
      const nonce = this.#nonces.get(key) ?? (await this.client.getTransactionCount({ address: key }));
      this.#nonces.set(key, nonce + 1);
      sent.push(await this.#sign(call, nonce, 1));
    }
    await this.#send(sent);
    return sent;
  }

  /** Makes blocks without payments. */
  async mine(blocks: number): Promise<void> {
    if (blocks === 0) return;
    await this.chain.controls.mine({ blocks });
    for (let made = 0; made < blocks; made += 1) this.#blocks.push([]);
  }

  /** Puts empty blocks in the place of the last. Answers what they held, by block. */
  async reorganise(depth: number): Promise<Sent[][]> {
    const blocks = Math.min(depth, this.#blocks.length);
    const lost = this.#blocks.splice(-blocks, blocks, ...Array.from({ length: blocks }, () => []));
    await this.client.request({ method: 'anvil_reorg' as never, params: [blocks, []] as never });
    return lost.filter((sent) => sent.length > 0);
  }

  /** Brings again what a reorganisation has taken. Answers it as it is now. */
  async bringAgain(lost: readonly (readonly Sent[])[], signedAnew: boolean): Promise<Sent[]> {
    const again: Sent[] = [];
    for (const block of lost) {
      const sent = await Promise.all(
        block.map((one) => (signedAnew ? this.#sign(one, one.nonce, one.signings + 1) : one)),
      );
      await this.#send(sent);
      again.push(...sent);
    }
    return again;
  }

  async #send(sent: readonly Sent[]): Promise<void> {
    for (const { raw } of sent) await this.client.sendRawTransaction({ serializedTransaction: raw });
    await this.chain.controls.mine({ blocks: 1 });
    this.#blocks.push([...sent]);
    const receipts = await Promise.all(sent.map(({ hash }) => this.client.getTransactionReceipt({ hash })));
    for (const [index, { status }] of receipts.entries()) {
      const one = sent[index];
      if (one !== undefined && (status === 'reverted') !== (one.refused ?? false))
        throw new Error(`${one.hash} is ${status}.`);
    }
  }

  async #sign(call: Call, nonce: number, signings: number): Promise<Sent> {
    const { from, data, gas } = call;
    const priority = gwei + BigInt(signings);
    const raw = await from.signTransaction({
      ...{ type: 'eip1559', chainId: this.chain.domain.chainId, nonce, gas, data, value: 0n },
      ...{ to: this.chain.contract.address, maxPriorityFeePerGas: priority, maxFeePerGas: 100n * gwei },
    });
    return { ...call, nonce, signings, raw, hash: keccak256(raw) };
  }
}

const clientOf = (url: string) =>
  createPublicClient({ transport: http(url, { batch: true, timeout: 60_000 }), cacheTime: 0 });
