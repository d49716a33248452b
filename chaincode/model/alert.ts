import { z } from 'zod';
import { careChanged } from './careEvents.ts';
import { memberId } from './circle.ts';
import { careId, deviceId, hex32, patientPseudonym, practitionerId } from './identifiers.ts';
import { outcome } from './telemetry.ts';

/** That a device called for somebody, and who came. What it is about is sealed in the frame whose hash stands here. */

export const alertId = careId('al');
export const mostAlerts = 50;

export const alertLevels = ['critical', 'urgent', 'notice'] as const;
export const alertLevel = z.enum(alertLevels);
export type AlertLevel = (typeof alertLevels)[number];
/** raised → escalated; either → acknowledged → closed. */
export const alertStates = ['raised', 'escalated', 'acknowledged', 'closed'] as const;
export type AlertState = (typeof alertStates)[number];
export const alertOutcomes = ['treated', 'expected', 'technical', 'other'] as const;
export const alertOutcome = z.enum(alertOutcomes);
export type AlertOutcome = (typeof alertOutcomes)[number];

const instant = z.iso.datetime();

const alertFields = {
  id: alertId,
  patient: patientPseudonym,
  /** Whose frame it is. */
  device: deviceId,
  level: alertLevel,
  /** Of the frame, as the device says. */
  at: instant,
  /** Hex SHA-256 of the frame. */
  frameHash: hex32,
  /** Seconds, from when the ledger has it, after which it may be escalated. */
  escalateAfter: z.int().min(30).max(86_400),
};
/** One entry of the argument of `alerts:raise`. */
export const newAlert = z.strictObject(alertFields);
export type NewAlert = z.infer<typeof newAlert>;
export const raiseArgument = z.strictObject({ alerts: z.array(newAlert).min(1).max(mostAlerts) });

export const alert = z.strictObject({
  ...alertFields,
  state: z.enum(alertStates),
  /** Of the transaction, and whose: a gateway, or the device itself. */
  raisedAt: instant,
  raisedBy: memberId,
  escalatedAt: instant.optional(),
  acknowledgedBy: practitionerId.optional(),
  acknowledgedAt: instant.optional(),
  closedBy: practitionerId.optional(),
  closedAt: instant.optional(),
  outcome: alertOutcome.optional(),
  version: z.int().positive(),
});
export type Alert = z.infer<typeof alert>;

/** Payload of `AlertsRaised`: `id` is the caller's, `state` is `raised`, or `refused` where one of them was. */
export const alertsRaised = careChanged.extend({ outcomes: z.array(outcome) });
export type AlertsRaised = z.infer<typeof alertsRaised>;
