import { z } from 'zod';

/** An amount in the currency's minor unit (cents), whole and not negative; at most a billion in the major one. */
export const amount = z.int().min(0).max(100_000_000_000);
/** ISO 4217. */
export const currency = z.string().regex(/^[A-Z]{3}$/);
