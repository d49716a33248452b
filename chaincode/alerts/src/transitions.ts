import type { Alert, AlertOutcome } from '../../model/alert.ts';
import { LedgerError } from '../../model/errors.ts';

/** The state machine of an alert: pure, without storage and without the question who may do it. */

function requireState(alert: Alert, ...states: Alert['state'][]): void {
  if (!states.includes(alert.state)) throw new LedgerError('WRONG_STATE', `${alert.id} is ${alert.state}`);
}

/** Throws WRONG_STATE; NOT_DUE while somebody may still come in time. */
export function escalate(alert: Alert, at: Date): Alert {
  requireState(alert, 'raised');
  const due = Date.parse(alert.raisedAt) + alert.escalateAfter * 1000;
  if (at.getTime() < due)
    throw new LedgerError('NOT_DUE', `${alert.id} may be escalated from ${new Date(due).toISOString()}`);
  return { ...alert, state: 'escalated', escalatedAt: at.toISOString(), version: alert.version + 1 };
}

/** Throws WRONG_STATE. */
export function acknowledge(alert: Alert, by: string, at: Date): Alert {
  requireState(alert, 'raised', 'escalated');
  const acknowledged = { acknowledgedBy: by, acknowledgedAt: at.toISOString() };
  return { ...alert, ...acknowledged, state: 'acknowledged', version: alert.version + 1 };
}

/** Throws WRONG_STATE: nobody closes what nobody has seen. */
export function close(alert: Alert, { by, outcome }: { by: string; outcome: AlertOutcome }, at: Date): Alert {
  requireState(alert, 'acknowledged');
  const closed = { closedBy: by, closedAt: at.toISOString(), outcome };
  return { ...alert, ...closed, state: 'closed', version: alert.version + 1 };
}
