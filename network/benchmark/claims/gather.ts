import type { Claim } from '#chaincode/model/claim.ts';
import type { SignedQuote } from '#connector/adjudicator/settlement.ts';
import { institutionHash } from '#contracts/typedData.ts';
import type { SettlementGateway } from '#server/gateways/ethereum/settlement.ts';
import { accountsOf, type Balances, readBalances } from './balances.ts';
import type { Books, ClaimBook } from './books.ts';
import type { PaymentChain } from './chain.ts';
import { type PlannedClaim, paidInTheEnd } from './history.ts';
import type { MemoryLedger } from './memoryLedger.ts';

/** A claim that was planned, as it was decided. */
export interface Paid {
  planned: PlannedClaim;
  claim: Claim;
  /** Undefined where it was denied. */
  quoted: SignedQuote | undefined;
}

/** Reads what chain and ledger have of all claims, from the first block to the last. */
export async function gatherBooks(
  paid: readonly Paid[],
  of: { ledger: MemoryLedger; payments: PaymentChain; gateway: SettlementGateway; before: Balances; unit: bigint },
): Promise<Books> {
  const { ledger, payments, gateway, before, unit } = of;
  const { client, chain, holder } = payments;
  const head = await gateway.readBlock('latest');
  const told = await gateway.eventsBetween(0, head?.number ?? 0);
  const events = told.flatMap((event) => (event.kind === 'reversal' ? [] : [event]));
  const claims: ClaimBook[] = [];
  for (const { planned, claim } of paid) {
    const { receipts, id, reference } = await ledger.ledger.claim(claim.id);
    const args = [`0x${reference}`, institutionHash(claim.insurer)] as const;
    const bill = await client.readContract({ ...chain.contract, functionName: 'billOf', args });
    claims.push({ id, reference, owed: paidInTheEnd(planned), receipts, bill });
  }
  const accounts = accountsOf(before, await readBalances(payments, ledger), events, {
    ...{ settlement: chain.contract.address, patient: chain.patient.address },
    holder: holder.address,
  });
  return { claims, events, accounts, unit };
}
