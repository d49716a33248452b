import { encodeFunctionData, isHex } from 'viem';
import { call } from 'viem/actions';
import type { Connector } from 'wagmi';
import { signTypedData } from 'wagmi/actions';
import { chainOf } from '#components/settlement/checkCall.ts';
import { openWallet } from '#components/settlement/openWallet.ts';
import { WalletProblem, walletProblemOf } from '#components/settlement/walletProblem.ts';
import { quoteOf, type SignedCoPay, signedCoPay } from '#components/vault/coPayPermit.ts';
import type { CoPayWays } from '#components/vault/memberships.ts';
import type { WalletConfig } from '#components/wallet/config.ts';
import { careSettlementAbi } from '#contracts/abi/careSettlement.ts';
import type { CoPayTerms } from '#server/claims/schema.ts';

export type PayStep = 'connecting' | 'switching' | 'checking' | 'signing' | 'bringing';

/**
 * Pays what is left of a patient's share from a wallet of this browser, which signs once and sends nothing; answers the transaction in
 * which the portal brought it. It may be tried again: the contract takes no permit twice, and no more than is owed. Throws a
 * `WalletProblem`.
 */
export async function payByWallet(
  config: WalletConfig,
  connector: Connector,
  ways: CoPayWays,
  onStep: (step: PayStep) => void,
): Promise<string> {
  try {
    const { account } = await openWallet(config, connector, { onStep });
    onStep('checking');
    const terms = await ways.terms(account);
    const [has, needed] = [BigInt(terms.coin.balance), BigInt(terms.left)];
    if (needed === 0n) throw new WalletProblem('REFUSED', { refusal: 'NotOwed' });
    if (has < needed) throw new WalletProblem('NO_COIN', { shortage: { has, needed } });
    const toSign = await ways.toSign(terms, account);
    onStep('signing');
    const permit = signedCoPay(toSign, await signTypedData(config, { ...toSign.typed, account, connector }));
    onStep('bringing');
    await requireTaken(config, terms, permit);
    return await ways.bring(permit);
  } catch (error) {
    throw walletProblemOf(error);
  }
}

/** Asks the contract whether it takes a permit, so that its own error is told: the portal has a word for all of them. */
async function requireTaken(config: WalletConfig, terms: CoPayTerms, permit: SignedCoPay): Promise<void> {
  const { signature, settlement } = terms;
  if (!isHex(signature)) throw new WalletProblem('WALLET_FAILED');
  const signed = { ...permit, amount: BigInt(permit.amount), nonce: BigInt(permit.nonce) };
  const data = encodeFunctionData({
    ...{ abi: careSettlementAbi, functionName: 'payCoPayWithPermit' },
    args: [quoteOf(terms), signature, signed],
  });
  await call(chainOf(config), { to: settlement, data });
}
