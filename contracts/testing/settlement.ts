import assert from 'node:assert/strict';
import { network } from 'hardhat';
import { getContract, type Hex, keccak256, parseEventLogs, parseSignature, toHex, zeroAddress } from 'viem';
import { assistanceFundAbi } from '../abi/assistanceFund.ts';
import { careSettlementAbi } from '../abi/careSettlement.ts';
import { testCoinAbi } from '../abi/testCoin.ts';
import {
  institutionHash,
  permitDeadline,
  permitTypes,
  type Quote,
  quoteTypes,
  reversalTypes,
  settlementDomain,
} from '../typedData.ts';

export const insurer = institutionHash('inst-insurer');
export const otherInsurer = institutionHash('inst-other-insurer');
export const pharmacy = institutionHash('inst-pharmacy');
export const hospital = institutionHash('inst-hospital');
/** Of a coin with six decimals. */
export const coins = (amount: number): bigint => BigInt(Math.round(amount * 1e6));
export const Payer = { insurer: 0, patient: 1, assistance: 2 } as const;
export const claimOf = (text: string): Hex => keccak256(toHex(text));

/**
 * A fresh chain with settlement, fund and a coin: an insurer with a signer, two spenders of whom the second also releases, 10,000 coins
 * and 10 ether prefunded, 1,000 coins and 1 ether a day, and release above 500 and 0.5; a second insurer whose signer is the first's;
 * a pharmacy and a hospital; a patient with 1,000 coins.
 */
export async function deploySettlement() {
  const { viem, provider } = await network.create();
  const [admin, treasurer, signer, spender, second, payout, clinic, patient, relay, donor] =
    await viem.getWalletClients();
  assert(admin && treasurer && signer && spender && second && payout && clinic && patient && relay && donor);
  type Wallet = typeof admin;
  const publicClient = await viem.getPublicClient();
  const coin = await viem.deployContract('TestCoin');
  const deployed = await viem.deployContract('CareSettlement', [admin.account.address]);
  const fundDeployed = await viem.deployContract('AssistanceFund', [
    admin.account.address,
    deployed.address,
    coin.address,
  ]);
  const of = (wallet: Wallet) => ({ public: publicClient, wallet });
  const as = (wallet: Wallet) => getContract({ address: deployed.address, abi: careSettlementAbi, client: of(wallet) });
  const coinAs = (wallet: Wallet) => getContract({ address: coin.address, abi: testCoinAbi, client: of(wallet) });
  const fundAs = (wallet: Wallet) =>
    getContract({ address: fundDeployed.address, abi: assistanceFundAbi, client: of(wallet) });

  const ours = as(admin);
  for (const role of ['PAYEE_REGISTRAR_ROLE', 'INSURER_REGISTRAR_ROLE', 'PAUSER_ROLE'] as const)
    await ours.write.grantRole([await ours.read[role](), admin.account.address]);
  await ours.write.grantRole([await ours.read.ASSISTANCE_ROLE(), fundDeployed.address]);
  await fundAs(admin).write.grantRole([await fundAs(admin).read.OFFICER_ROLE(), admin.account.address]);
  // Hundredths of the coin; of ether any amount.
  for (const [allowed, minorUnit] of [
    [coin.address, coins(0.01)],
    [zeroAddress, 1n],
  ] as const)
    await ours.write.allowCoin([allowed, minorUnit]);
  await ours.write.setPayee([pharmacy, payout.account.address]);
  await ours.write.setPayee([hospital, clinic.account.address]);
  for (const id of [insurer, otherInsurer]) {
    await ours.write.setTreasurer([id, treasurer.account.address]);
    await as(treasurer).write.setSigner([id, signer.account.address]);
  }
  await as(treasurer).write.setRights([insurer, spender.account.address, true, false]);
  await as(treasurer).write.setRights([insurer, second.account.address, true, true]);
  await as(treasurer).write.setLimits([insurer, coin.address, coins(1000), coins(500)]);
  await as(treasurer).write.setLimits([insurer, zeroAddress, 10n ** 18n, 5n * 10n ** 17n]);
  for (const [wallet, amount] of [
    [treasurer, 20_000],
    [spender, 1000],
    [patient, 1000],
    [donor, 1000],
    [payout, 1000],
  ] as const) {
    await coinAs(admin).write.mint([wallet.account.address, coins(amount)]);
    await coinAs(wallet).write.approve([deployed.address, coins(amount)]);
  }
  await coinAs(donor).write.approve([fundDeployed.address, coins(1000)]);
  await as(treasurer).write.deposit([insurer, coin.address, coins(10_000)]);
  await as(treasurer).write.deposit([insurer, zeroAddress, 10n ** 19n], { value: 10n ** 19n });

  const now = async () => Number((await publicClient.getBlock()).timestamp);
  const chainId = await publicClient.getChainId();
  const domain = settlementDomain(chainId, deployed.address);
  const quoteOf = async (overrides: Partial<Quote> = {}): Promise<Quote> => ({
    ...{ claim: claimOf('a claim'), insurer, payee: pharmacy, coin: coin.address },
    ...{ insurerAmount: coins(80), patientAmount: coins(20), version: 1, expires: (await now()) + 86_400 },
    ...overrides,
  });
  const sign = (message: Quote, wallet: Wallet = signer, otherDomain: Partial<typeof domain> = {}) =>
    wallet.signTypedData({ domain: { ...domain, ...otherDomain }, types: quoteTypes, primaryType: 'Quote', message });
  /** A quote with its signature, as they are brought. */
  const quoted = async (overrides: Partial<Quote> = {}) => {
    const quote = await quoteOf(overrides);
    return [quote, await sign(quote)] as const;
  };
  const signReversal = (claim: Hex, wallet: Wallet = signer, by: Hex = insurer) =>
    wallet.signTypedData({ domain, types: reversalTypes, primaryType: 'Reversal', message: { claim, insurer: by } });
  /** What a patient signs to pay by a quote, and nothing else. */
  const permit = async (quote: Quote, amount: bigint, options: { validUntil?: number; deadline?: bigint } = {}) => {
    const validUntil = options.validUntil ?? (await now()) + 600;
    const nonce = await coinAs(patient).read.nonces([patient.account.address]);
    const deadline = options.deadline ?? permitDeadline(domain, quote, validUntil);
    const [, name, version] = await coinAs(patient).read.eip712Domain();
    const signature = await patient.signTypedData({
      domain: { name, version, chainId, verifyingContract: coin.address },
      types: permitTypes,
      primaryType: 'Permit',
      message: { owner: patient.account.address, spender: deployed.address, value: amount, nonce, deadline },
    });
    const { r, s, yParity } = parseSignature(signature);
    return { payer: patient.account.address, amount, validUntil, nonce, v: 27 + yParity, r, s, deadline };
  };
  const increaseTo = async (timestamp: number) => {
    await provider.request({ method: 'evm_setNextBlockTimestamp', params: [toHex(timestamp)] });
  };
  const mineAt = async (timestamp: number) => {
    await increaseTo(timestamp);
    await provider.request({ method: 'evm_mine', params: [] });
  };
  /** What the settlement told in a transaction. */
  const told = async (hash: Hex) => {
    const { logs, gasUsed } = await publicClient.getTransactionReceipt({ hash });
    const own = parseEventLogs({ abi: careSettlementAbi, logs }).filter(
      ({ address }) => address.toLowerCase() === deployed.address.toLowerCase(),
    );
    return { events: own.map(({ eventName, args }) => ({ eventName, args })), gasUsed };
  };
  return {
    ...{ viem, publicClient, coin, domain, as, coinAs, fundAs, settlement: as(relay), fund: fundAs(relay) },
    ...{ admin, treasurer, signer, spender, second, payout, clinic, patient, relay, donor },
    ...{ now, quoteOf, sign, quoted, signReversal, permit, increaseTo, mineAt, told },
  };
}
