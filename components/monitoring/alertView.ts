import type { AlertLevel, AlertOutcome, AlertState } from '#chaincode/model/alert.ts';
import type { AlertContent } from '#monitoring/alert.ts';

/** An alert as the ledger has it, with the names of people, and what it is about where this reader's keys open it. */
export interface AlertView {
  id: string;
  level: AlertLevel;
  state: AlertState;
  /** ISO 8601 instants. */
  raisedAt: string;
  escalatedAt?: string;
  acknowledged?: { at: string; by: string };
  closed?: { at: string; by: string; outcome: AlertOutcome };
  /** When it escalates unless somebody acknowledges it. */
  escalatesAt?: string;
  /** The cause is over by itself. */
  isOver?: boolean;
  /** Undefined where it cannot be opened. */
  content?: AlertContent;
}

export const isOpen = ({ state }: Pick<AlertView, 'state'>): boolean => state !== 'closed';
/** Somebody still has to look at it. */
export const isWaiting = ({ state }: Pick<AlertView, 'state'>): boolean => state === 'raised' || state === 'escalated';
/** When it became what it is. */
export const changedAt = ({ raisedAt, escalatedAt, acknowledged, closed }: AlertView): string =>
  closed?.at ?? acknowledged?.at ?? escalatedAt ?? raisedAt;
