import { z } from 'zod';
import type { AlertLevel, AlertOutcome, AlertState } from '#chaincode/model/alert.ts';
import { patientPseudonym } from '#chaincode/model/identifiers.ts';

/** An alert as those may see it who watch the patient; what it is about is in the sealed frame. */
export interface AlertView {
  id: string;
  patient: { pseudonym: string; name?: string };
  device: string;
  level: AlertLevel;
  state: AlertState;
  /** ISO 8601: of the reading, of the ledger, and when it may be escalated. */
  at: string;
  raisedAt: string;
  dueAt: string;
  /** Hex SHA-256 of the frame, by which it is found among the alert frames. */
  frameHash: string;
  acknowledgedBy?: { id: string; name: string };
  acknowledgedAt?: string;
  escalatedAt?: string;
  closedBy?: { id: string; name: string };
  closedAt?: string;
  outcome?: AlertOutcome;
}

export const listAlerts = z.object({
  /** One patient's; left out, of all whom the actor watches. */
  patient: patientPseudonym.optional(),
  /** `open`: raised, escalated or acknowledged. */
  which: z.enum(['open', 'all']).default('open'),
});
