import type { Hex } from 'viem';
import { z } from 'zod';

const hex = (bytes: number) =>
  z.custom<Hex>((value) => typeof value === 'string' && new RegExp(`^0x[0-9a-f]{${bytes * 2}}$`, 'i').test(value));
/** Amounts are of the coin's smallest unit, decimal. */
const whole = z
  .string()
  .regex(/^[0-9]{1,30}$/)
  .transform(BigInt);

/** Body of `POST /assistance`: what the fund is to pay of a patient's share, by the insurer's quote. */
export const helpRequest = z.object({
  quote: z.object({
    ...{ claim: hex(32), insurer: hex(32), payee: hex(32), coin: hex(20), insurerAmount: whole, patientAmount: whole },
    version: z.int().positive(),
    expires: z.int().positive(),
  }),
  signature: hex(65),
  /** Blinded number of who is helped. */
  beneficiary: hex(32),
  amount: whole,
});
export type HelpRequest = z.output<typeof helpRequest>;
