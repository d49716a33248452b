import { eq, sql } from 'drizzle-orm';
import { AppError } from '#server/errors.ts';
import type { Database } from '../gateways/db/database.ts';
import { rateLimits } from '../gateways/db/schema/session.ts';

export interface RateLimit {
  /** Attempts that one window allows. */
  max: number;
  windowSeconds: number;
}

/** Refused because a window is full. */
export class RateLimited extends AppError {
  /** No other attempt was refused in this window before. */
  readonly first: boolean;

  constructor(detail: string, first: boolean) {
    super('RATE_LIMITED', detail);
    this.first = first;
  }
}

/**
 * Counts an attempt under `key`, or several at once, and refuses with RATE_LIMITED when the window is full. Counters lie
 * in the database and hold over all processes.
 */
export async function countAttempt(db: Database, key: string, limit: RateLimit, attempts = 1): Promise<void> {
  const window = sql`${limit.windowSeconds} * interval '1 second'`;
  const rows = await db
    .insert(rateLimits)
    .values({ key, windowStart: sql`now()`, count: attempts })
    .onConflictDoUpdate({
      target: rateLimits.key,
      set: {
        count: sql`case when ${rateLimits.windowStart} + ${window} <= now() then ${attempts}::integer else ${rateLimits.count} + ${attempts} end`,
        windowStart: sql`case when ${rateLimits.windowStart} + ${window} <= now() then now() else ${rateLimits.windowStart} end`,
      },
    })
    .returning({ count: rateLimits.count });
  const count = rows[0]?.count ?? 0;
  if (count > limit.max) throw new RateLimited(`more than ${limit.max} under ${key}`, count - attempts <= limit.max);
}

/** Takes back one attempt that turned out not to count. */
export async function returnAttempt(db: Database, key: string): Promise<void> {
  await db
    .update(rateLimits)
    .set({ count: sql`greatest(${rateLimits.count} - 1, 0)` })
    .where(eq(rateLimits.key, key));
}

/** Forgets the attempts under `key`, after one that succeeded. */
export async function clearAttempts(db: Database, key: string): Promise<void> {
  await db.delete(rateLimits).where(eq(rateLimits.key, key));
}
