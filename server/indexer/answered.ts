import type { Prescription } from '#chaincode/model/prescription.ts';
import type { Renewal } from '#chaincode/model/renewal.ts';
import type { Portal } from '#server/portal.ts';
import { readManyFromLedger, readRenewal } from '../prescriptions/ledger.ts';

/** What new prescriptions changed besides, in the transaction that issued them. */
export interface Answered {
  /** Those that they replaced. */
  prescriptions: Prescription[];
  /** The requests that they answered. */
  renewals: Renewal[];
}

/** Reads what newly issued prescriptions replaced and answered. A replaced one is closed for good, and an answer stays. */
export async function readAnswered(
  { ledger }: Portal,
  channel: string,
  issued: readonly Prescription[],
): Promise<Answered> {
  const replaced = issued.flatMap(({ replaces }) => replaces ?? []);
  const answered = issued.flatMap(({ renews }) => renews?.id ?? []);
  const [prescriptions, renewals] = await Promise.all([
    readManyFromLedger(ledger, channel, replaced.slice(0, 100)),
    Promise.all(answered.map((id) => readRenewal(ledger, id))),
  ]);
  return { prescriptions, renewals };
}
