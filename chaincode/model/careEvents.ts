import { z } from 'zod';

/** A transaction carries one event. Each contract of `care` has one name for its changes, and another for many at once; `prescriptions` has one for renewals besides. */
export const careEvents = {
  prescriptions: 'PrescriptionChanged',
  renewals: 'RenewalChanged',
  patients: 'PatientChanged',
  standings: 'StandingChanged',
  records: 'RecordChanged',
  consents: 'ConsentChanged',
  access: 'AccessChanged',
  circles: 'CircleChanged',
  telemetry: 'TelemetryChanged',
  anchored: 'TelemetryAnchored',
  alerts: 'AlertChanged',
  raised: 'AlertsRaised',
  reports: 'ReportChanged',
} as const;

/** Payload (JSON) of the events of all but `prescriptions`. It names no category, purpose or grantee. */
export const careChanged = z.strictObject({
  /** What changed: a pseudonym, or the id of a document, consent, request, access, emergency, representation … */
  id: z.string(),
  /** The function with its contract, as it is called: `patients:register`, `consents:grant`. */
  change: z.string(),
  state: z.string(),
  version: z.int().positive(),
  /** ISO 8601, of the transaction. */
  at: z.iso.datetime(),
  /** Whose record it is about. */
  patient: z.string().optional(),
  /** Of a seat: whose. */
  subject: z.string().optional(),
  /** Version of the patient's circle, where a change of something else has made its epoch stale. */
  circle: z.int().positive().optional(),
});
export type CareChanged = z.infer<typeof careChanged>;
