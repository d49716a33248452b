import { z } from 'zod';
import { deviceId, practitionerId } from '#chaincode/model/identifiers.ts';
import type { Reenrolment } from '#chaincode/model/patient.ts';
import { licence } from '#chaincode/model/records.ts';
import {
  type Device,
  type Institution,
  institutionKinds,
  type Licence,
  type PractitionerRole,
  practitionerRoles,
  type RegistryStatus,
  type Suspender,
} from '#chaincode/model/registry.ts';

export interface InstitutionView extends Institution {
  place: string;
}

export interface PractitionerView {
  id: string;
  name: string;
  role: PractitionerRole;
  licence: Licence;
  status: RegistryStatus;
  /** While suspended. */
  suspendedBy?: Suspender;
  /** Whether keys are recorded. */
  enrolled: boolean;
  version: number;
}

/** One of an institution's people, as its admin sees them. */
export interface StaffView extends PractitionerView {
  /** False for somebody whom the institution has taken on here and nobody has signed for yet. */
  registered: boolean;
  /** Until when an invitation to make keys is open; ISO 8601. */
  invitedUntil?: string;
  /** The person's own public reading key as the registry has it, X-Wing, base64url. */
  readingKey?: string;
  /** New keys that are proposed or approved. */
  reenrolment?: Reenrolment;
}

/** Somebody whom an institution takes on; the registration is signed afterwards, and only then there is an invitation. */
export const newStaff = z.object({
  name: z.string().trim().min(2).max(120),
  email: z.email().max(254),
  role: z.enum(practitionerRoles),
  licence,
});
export const ofStaff = z.object({ subject: practitionerId });

/** A link's secret part, which is shown once. */
export interface Invitation {
  token: string;
  /** ISO 8601 */
  expiresAt: string;
}

/** A registered device with its certificate request, PEM. */
export const certifyDevice = z.object({
  device: deviceId,
  csrPem: z
    .string()
    .max(4_096)
    .regex(/^-----BEGIN CERTIFICATE REQUEST-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE REQUEST-----\s*$/),
});

/** The file that a device is given back, with which it is enrolled; nothing in it is secret. */
export interface DeviceSettings {
  device: string;
  mspId: string;
  certificatePem: string;
  roots: { mspId: string; pem: string }[];
  /** Addresses of the telemetry gateway, and the authority of its own certificate, PEM. */
  gateway: { mqtt: string; https: string; ca: string };
}

/** Of a device, as its institution's admin sees it. */
export type DeviceView = Device;

/** A member of staff with what a key is wrapped for: the page trusts it by the certificate's chain only. */
export interface StaffKey {
  subject: string;
  name: string;
  /** X-Wing, base64url, and its hex SHA-256. */
  readingKey: string;
  readerKeyHash: string;
  certificatePem: string;
}

/** What an institution that proposes itself says; an authority is not proposed so. */
export const proposedKinds = institutionKinds.filter((kind) => kind !== 'authority');
export const proposeInstitution = z.object({
  name: z.string().trim().min(3).max(120),
  kind: z.enum(proposedKinds),
  place: z.string().trim().max(120),
  contact: z.object({ name: z.string().trim().min(2).max(120), email: z.email().max(254) }),
});

/** Open re-enrolments with whom they are about. */
export interface ReenrolmentView extends Reenrolment {
  name: string;
  institutionId: string;
}
