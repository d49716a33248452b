import { z } from 'zod';
import { alertRules, triageStates } from '#server/trace/schema.ts';

/** Which alerts are listed and which one is looked at, as it stands in the address. */
const alertAddress = z.object({
  /** All that are neither closed nor put right where left out. */
  state: z.enum(triageStates).optional().catch(undefined),
  rule: z.enum(alertRules).optional().catch(undefined),
  alert: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .optional()
    .catch(undefined),
  cursor: z
    .string()
    .regex(/^[0-9TZ:.-]{20,30}_[0-9a-f]{32}$/)
    .optional()
    .catch(undefined),
});
export type AlertAddress = z.output<typeof alertAddress>;

/** What an address asks for; what it says otherwise counts as not said. */
export const alertAddressOf = (params: Record<string, string | string[] | undefined>): AlertAddress =>
  alertAddress.parse(params);

export function alertQuery(address: AlertAddress): string {
  const said = Object.entries(address).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return new URLSearchParams(said).toString();
}
