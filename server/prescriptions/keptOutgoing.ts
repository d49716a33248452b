import { and, eq } from 'drizzle-orm';
import type { Database } from '../gateways/db/database.ts';
import { outgoingTransactions as kept } from '../gateways/db/schema/relay.ts';
import type { OutgoingKey, OutgoingStore } from '../gateways/ethereum/outgoing.ts';

/** Keeps in the database what is on its way to Ethereum: a process that starts anew finds it, and of two at once only one sends. */
export function keptOutgoing(db: Database): OutgoingStore {
  const of = ({ account, chainId }: OutgoingKey) => and(eq(kept.account, account), eq(kept.chainId, chainId));
  return {
    async read(key) {
      const [row] = await db.select().from(kept).where(of(key));
      return row && { raw: row.raw, earlier: row.earlier, sentAt: row.sentAt };
    },

    async replace(key, former, next) {
      if (former === undefined) {
        if (next === undefined) return true;
        const put = await db
          .insert(kept)
          .values({ ...key, ...next })
          .onConflictDoNothing()
          .returning();
        return put.length > 0;
      }
      const there = and(of(key), eq(kept.raw, former.raw));
      const changed =
        next === undefined
          ? await db.delete(kept).where(there).returning()
          : await db.update(kept).set(next).where(there).returning();
      return changed.length > 0;
    },
  };
}
