import type { AlertContent } from '#monitoring/alert.ts';
import type { AlertView as LedgerAlert } from '#server/alerts/schema.ts';
import type { AlertView } from './alertView.ts';

/** An alert as a screen shows it: what the ledger has, with what its frame says, where that opens. */
export function alertOf(alert: LedgerAlert, contents: ReadonlyMap<string, AlertContent>): AlertView {
  const { id, level, state, raisedAt, escalatedAt, acknowledgedBy, acknowledgedAt, closedBy, closedAt, outcome } =
    alert;
  const content = contents.get(alert.frameHash);
  const isClosed = closedBy !== undefined && closedAt !== undefined && outcome !== undefined;
  return {
    ...{ id, level, state, raisedAt, escalatesAt: alert.dueAt },
    ...(escalatedAt !== undefined && { escalatedAt }),
    ...(acknowledgedBy !== undefined &&
      acknowledgedAt !== undefined && { acknowledged: { at: acknowledgedAt, by: acknowledgedBy.name } }),
    ...(isClosed && { closed: { at: closedAt, by: closedBy.name, outcome } }),
    ...(content !== undefined && { content }),
  };
}
