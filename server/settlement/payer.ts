import { sql } from 'drizzle-orm';

/**
 * SQL of who paid in an event `e`, as what was given back names it; empty for an insurer: its share is given back as one, to its account,
 * whichever wallets it came from.
 */
export const payerOf = sql`case when e.payer = 'insurer' then '' else e.from_address end`;
