import { type Hex, keccak256, toHex } from 'viem';
import { SettlementChain } from '#contracts/testing/settlementChain.ts';

export interface GasFigures {
  /** An insurer's share, paid from its account by a transaction of its own. */
  gasSettle: number;
  /** One of twenty that the adjudicator pays in one. */
  gasSettleBatchPerClaim: number;
}

/** As many as the adjudicator pays at once. */
const atOnce = 20;
const shares = { insurer: 13.5, patient: 6.5 };

/** Measures on a chain of its own. */
export async function measureGas(): Promise<GasFigures> {
  const chain = await SettlementChain.start();
  try {
    const quoted = (name: string) => chain.quote(keccak256(toHex(name)), shares);
    const used = async (hash: Hex) => {
      const { status, gasUsed } = await chain.reader.waitForTransactionReceipt({ hash });
      if (status !== 'success') throw new Error(`The chain refused ${hash}.`);
      return Number(gasUsed);
    };
    const settle = async (name: string) => used(await chain.settle(await quoted(name), shares.insurer));
    // The first of a payee pays for places that later ones find.
    await settle('the first');
    const gasSettle = await settle('alone');
    const batch = await Promise.all(Array.from({ length: atOnce }, (_, index) => quoted(`batched ${index}`)));
    const args = [batch.map(([quote]) => quote), batch.map(([, signature]) => signature)] as const;
    const call = { ...chain.contract, functionName: 'settleBatch', args } as const;
    const together = await used(await chain.as(chain.adjudicator).writeContract(call));
    return { gasSettle, gasSettleBatchPerClaim: Math.round(together / atOnce) };
  } finally {
    await chain.stop();
  }
}
