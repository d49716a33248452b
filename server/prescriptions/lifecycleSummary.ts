import { availableUnits, nextFillAt } from '#chaincode/model/fills.ts';
import type { Prescription } from '#chaincode/model/prescription.ts';
import type { PrescriptionSummary } from './schema.ts';

/** The members of a record that are there, of those that are named. */
export function picked<Shape extends object, Name extends keyof Shape>(
  record: Shape,
  names: readonly Name[],
): Partial<Pick<Shape, Name>> {
  const found: Partial<Pick<Shape, Name>> = {};
  for (const name of names) if (record[name] !== undefined) found[name] = record[name];
  return found;
}

const shownAsIs = [
  ...(['register', 'validFrom', 'series', 'fillEveryDays', 'replaces', 'replacedBy', 'safety'] as const),
  'holdNotice' as const,
];

type Lifecycle = Pick<
  PrescriptionSummary,
  (typeof shownAsIs)[number] | 'available' | 'nextFill' | 'cancelRequest' | 'transfer' | 'pickup'
>;

/** What screens show of a prescription's way besides its state. */
export function lifecycleOf(state: Prescription, institution: (id: string) => string, now: Date): Lifecycle {
  const { cancelRequest, transfer, pickup } = state;
  const next = nextFillAt(state, now);
  return {
    ...picked(state, shownAsIs),
    available: availableUnits(state, now),
    ...(next !== undefined && state.left > 0 && { nextFill: next.toISOString() }),
    ...(cancelRequest !== undefined && { cancelRequest: requestOf(cancelRequest) }),
    ...(transfer !== undefined && {
      transfer: { institutionId: transfer.to, institution: institution(transfer.to), at: transfer.at },
    }),
    ...(pickup !== undefined && {
      pickup: { until: pickup.until, kind: pickup.kind, ...(pickup.used !== undefined && { used: pickup.used.at }) },
    }),
  };
}

function requestOf({ by, at, reason, refused }: NonNullable<Prescription['cancelRequest']>) {
  return {
    ...{ by: by.startsWith('prac-') ? ('prescriber' as const) : ('patient' as const), at, reason },
    ...(refused !== undefined && { refused: { at: refused.at, reason: refused.reason } }),
  };
}
