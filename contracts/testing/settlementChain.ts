import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Address,
  createPublicClient,
  createTestClient,
  createWalletClient,
  type Hex,
  http,
  parseSignature,
  toHex,
} from 'viem';
import { mnemonicToAccount, privateKeyToAccount } from 'viem/accounts';
import { anvil as anvilChain } from 'viem/chains';
import { type Anvil, startAnvil } from '../../network/ethereum/anvil.ts';
import { careSettlementAbi } from '../abi/careSettlement.ts';
import { testCoinAbi } from '../abi/testCoin.ts';
import { type Deployment, deployContracts } from '../deploy/deploy.ts';
import { mintTestCoins, namePayees, openInsurer, prefund } from '../deploy/institutions.ts';
import {
  institutionHash,
  permitDeadline,
  permitTypes,
  type Quote,
  quoteTypes,
  reversalTypes,
  settlementDomain,
} from '../typedData.ts';

const mnemonic = 'test test test test test test test test test test test junk';
const keyOf = (addressIndex: number): Hex =>
  toHex(mnemonicToAccount(mnemonic, { addressIndex }).getHdKey().privateKey ?? new Uint8Array());
const accountOf = (addressIndex: number) => privateKeyToAccount(keyOf(addressIndex));
const abi = careSettlementAbi;

export const insurerId = 'inst-the-insurer';
export const pharmacyId = 'inst-pharmacy';
/** Of the test coin's six decimals. */
export const coins = (amount: number): bigint => BigInt(Math.round(amount * 1e6));

/**
 * Anvil with the contracts: an insurer with 100,000 test coins, 50,000 a day and release above 1,000, whose adjudicator signs and pays; a
 * pharmacy that is paid, and a patient with 1,000 coins and an allowance for the settlement.
 */
export class SettlementChain {
  readonly keys = { deployer: keyOf(0), registrar: keyOf(1), treasurer: keyOf(2), adjudicator: keyOf(3) };
  readonly adjudicator = accountOf(3);
  readonly releaser = accountOf(4);
  readonly pharmacy = accountOf(5);
  readonly patient = accountOf(6);
  /** Has no role, and brings what others signed. */
  readonly submitterKey = keyOf(7);
  readonly deployment: Deployment;
  readonly contract: { address: Address; abi: typeof abi };
  readonly #anvil: Anvil;
  readonly #folder: string;

  private constructor(folder: string, anvil: Anvil, deployment: Deployment) {
    this.#folder = folder;
    this.#anvil = anvil;
    this.deployment = deployment;
    this.contract = { address: deployment.careSettlement, abi };
  }

  static async start(): Promise<SettlementChain> {
    const folder = mkdtempSync(join(tmpdir(), 'medloom-settlement-chain-'));
    const anvil = await startAnvil({ stateFile: join(folder, 'chain'), logFile: join(folder, 'log'), mnemonic });
    const deployment = await deployContracts({
      ...{ rpcUrl: anvil.rpcUrl, deployerKey: keyOf(0), registrar: accountOf(1).address },
      ...{ notaries: [accountOf(8).address], threshold: 1, file: join(folder, 'contracts.json') },
    });
    const chain = new SettlementChain(folder, anvil, deployment);
    const { careSettlement, settlementCoin: coin } = deployment;
    const base = { rpcUrl: anvil.rpcUrl, careSettlement };
    await namePayees({ ...base, registrarKey: keyOf(1), payees: { [pharmacyId]: chain.pharmacy.address } });
    await openInsurer({
      ...{ ...base, registrarKey: keyOf(1), treasurerKey: keyOf(2), institution: insurerId, coin },
      signer: chain.adjudicator.address,
      rights: [
        { account: chain.adjudicator.address, spends: true, releases: false },
        { account: chain.releaser.address, spends: false, releases: true },
      ],
      ...{ perDay: coins(50_000), releaseAbove: coins(1_000) },
    });
    await mintTestCoins(anvil.rpcUrl, keyOf(0), coin, accountOf(2).address, coins(100_000));
    await mintTestCoins(anvil.rpcUrl, keyOf(0), coin, chain.patient.address, coins(1_000));
    await prefund({ ...base, institution: insurerId, coin, fromKey: keyOf(2), amount: coins(100_000) });
    const args = [careSettlement, coins(1_000)] as const;
    await chain.mined(
      await chain.as(chain.patient).writeContract({ address: coin, abi: testCoinAbi, functionName: 'approve', args }),
    );
    return chain;
  }

  async stop(): Promise<void> {
    await this.#anvil.stop();
    rmSync(this.#folder, { recursive: true });
  }

  get url(): string {
    return this.#anvil.rpcUrl;
  }

  get reader() {
    return createPublicClient({ chain: anvilChain, transport: http(this.url), pollingInterval: 20 });
  }

  /** The chain's own controls: mining, reorganising. */
  get controls() {
    return createTestClient({ mode: 'anvil', chain: anvilChain, transport: http(this.url) });
  }

  as(account: ReturnType<typeof accountOf>) {
    return createWalletClient({ account, chain: anvilChain, transport: http(this.url) });
  }

  async mined(hash: Hex): Promise<void> {
    const { status } = await this.reader.waitForTransactionReceipt({ hash });
    if (status !== 'success') throw new Error(`reverted: ${hash}`);
  }

  get domain() {
    return settlementDomain(this.#anvil.chainId, this.deployment.careSettlement);
  }

  /** What the adjudicator quotes, with its signature; shares in the major unit of the currency. */
  async quote(claim: Hex, shares: { insurer: number; patient: number }, overrides: Partial<Quote> = {}) {
    const message: Quote = {
      ...{ claim, insurer: institutionHash(insurerId), payee: institutionHash(pharmacyId) },
      ...{ coin: this.deployment.settlementCoin, version: 1, expires: 4_000_000_000 },
      ...{ insurerAmount: coins(shares.insurer), patientAmount: coins(shares.patient) },
      ...overrides,
    };
    const typed = { domain: this.domain, types: quoteTypes, primaryType: 'Quote', message } as const;
    return [message, await this.adjudicator.signTypedData(typed)] as const;
  }

  /** Pays of an insurer's share from its account; answers the transaction, not waited for. */
  settle(quoted: readonly [Quote, Hex], amount: number): Promise<Hex> {
    const args = [...quoted, coins(amount)] as const;
    return this.as(this.adjudicator).writeContract({ ...this.contract, functionName: 'settle', args });
  }

  coPay(quoted: readonly [Quote, Hex], amount: number): Promise<Hex> {
    const args = [...quoted, coins(amount)] as const;
    return this.as(this.patient).writeContract({ ...this.contract, functionName: 'payCoPay', args });
  }

  /** What the patient's wallet signs to pay by a quote. */
  async permit(quote: Quote, amount: bigint) {
    const coin = { address: quote.coin, abi: testCoinAbi } as const;
    const owner = this.patient.address;
    const validUntil = Math.floor(Date.now() / 1000) + 600;
    const [nonce, [, name, version, chainId, verifyingContract]] = await Promise.all([
      this.reader.readContract({ ...coin, functionName: 'nonces', args: [owner] }),
      this.reader.readContract({ ...coin, functionName: 'eip712Domain' }),
    ]);
    const signature = await this.patient.signTypedData({
      domain: { name, version, chainId: Number(chainId), verifyingContract },
      types: permitTypes,
      primaryType: 'Permit',
      message: {
        ...{ owner, spender: this.deployment.careSettlement, value: amount, nonce },
        deadline: permitDeadline(this.domain, quote, validUntil),
      },
    });
    const { r, s, yParity } = parseSignature(signature);
    return { payer: owner, amount, validUntil, nonce, v: 27 + yParity, r, s };
  }

  /** The pharmacy gives back of what was paid; `kind` as the contract numbers payers. */
  refund(claim: Hex, kind: 0 | 1, amount: number): Promise<Hex> {
    const who = [claim, institutionHash(insurerId), kind, this.patient.address] as const;
    const args = [...who, coins(amount), false] as const;
    return this.as(this.pharmacy).writeContract({ ...this.contract, functionName: 'refund', args });
  }

  /** Ends a claim's payments, of one insurer's quotes for it. */
  async reverse(claim: Hex, insurer = insurerId): Promise<Hex> {
    const message = { claim, insurer: institutionHash(insurer) };
    const typed = { domain: this.domain, types: reversalTypes, primaryType: 'Reversal', message } as const;
    const args = [claim, message.insurer, await this.adjudicator.signTypedData(typed)] as const;
    return this.as(this.pharmacy).writeContract({ ...this.contract, functionName: 'reverse', args });
  }
}
