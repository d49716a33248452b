import type { z } from 'zod';
import { VaultError } from '#components/vault/errors.ts';
import { eventHash } from '#epcis/hash.ts';
import { didNotOccur } from '#epcis/write.ts';
import type { DispensingPlan, readDispensing } from '#server/dispensing/schema.ts';
import type { TransactionIntent } from '#server/transactions/schema.ts';
import type { Step } from './packSteps.ts';

/** What the ledgers are asked to know where a plan stands. */
export function questionOf({ reserve, chains }: DispensingPlan): z.output<typeof readDispensing> {
  return {
    prescriptionId: reserve.id,
    dispenseId: reserve.reservation.dispenseId,
    chains: chains.map(({ channel, packs, decommission, handOver, captures }) => ({
      ...{ channel, packs, decommission: eventHash(decommission), handOver: eventHash(handOver) },
      captures: [captures.decommission, captures.handOver, captures.undo],
    })),
  };
}

/** What a step of a plan has signed. */
export function intentOf(plan: DispensingPlan, step: Step, now: Date): TransactionIntent {
  const { id, reservation } = plan.reserve;
  switch (step.kind) {
    case 'reserve':
      return plan.reserve;
    case 'dispense':
      return plan.dispense;
    case 'release':
      return { kind: 'releaseReservation', id, dispenseId: reservation.dispenseId };
    default: {
      const chain = plan.chains[step.chain];
      if (chain === undefined) throw new VaultError('INTERNAL', 'The plan has no such chain.');
      const { channel, captures, decommission, handOver } = chain;
      const event = { decommission, handOver, undo: didNotOccur(decommission, now) }[step.kind];
      return { kind: 'capture', capture: captures[step.kind], channel, events: [event] };
    }
  }
}
