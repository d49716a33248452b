import { z } from 'zod';
import { deviceId, institutionId, patientPseudonym, practitionerId, signature } from '#chaincode/model/identifiers.ts';
import { licence } from '#chaincode/model/records.ts';
import { practitionerRoles } from '#chaincode/model/registry.ts';

const keys = {
  csrPem: z.string().max(4096),
  /** X-Wing public key, 1216 bytes in base64url. */
  readingKey: z.string().regex(/^[A-Za-z0-9_-]{1622}$/),
  wallet: z.templateLiteral(['0x', z.string().regex(/^[0-9a-f]{40}$/)]),
  /** The wallet's signature over this enrolment (`crypto/walletProof.ts`). */
  walletProof: z.string().max(132),
};

/** Body of `POST /enrolments`. What is named beside the keys must agree with the ledger; nothing of it is taken on trust. */
export const enrolment = z.discriminatedUnion('role', [
  z.object({
    role: z.literal('patient'),
    mspId: z.literal('PatientMSP'),
    subjectId: patientPseudonym,
    channel: z.string().max(64).optional(),
    ...keys,
  }),
  z.object({
    role: z.enum(practitionerRoles),
    mspId: z.string().max(64),
    subjectId: practitionerId,
    institutionId: institutionId.nullish(),
    licence: licence.nullish(),
    ...keys,
  }),
]);

/**
 * Body of `POST /certificates`: a person's next keys, for which the present key has signed `rotationStatement`; or the keys
 * that the ledger records by now, since they were re-enrolled or since the certificate was lost on its way.
 */
export const certification = z.object({
  mspId: z.string().max(64),
  subjectId: z.union([practitionerId, patientPseudonym]),
  csrPem: keys.csrPem,
  readingKey: keys.readingKey,
  wallet: keys.wallet,
  /** Absent where the ledger records the keys already. */
  present: z
    .object({
      /** The present certificate, PEM; its key counts, and not how long it is valid. */
      certificatePem: z.string().max(4096),
      proof: signature,
    })
    .optional(),
});
export type Certification = z.infer<typeof certification>;

/** Body of `POST /devices/certificates`: a device of the organisation, with the key that `registry` records for it. */
export const deviceCertification = z.object({ mspId: z.string().max(64), device: deviceId, csrPem: keys.csrPem });
export type DeviceCertification = z.infer<typeof deviceCertification>;

/** Body of `POST /patients`: somebody for whom others act. */
export const ward = z.object({ mspId: z.string().max(64), pseudonym: patientPseudonym });
export type Ward = z.infer<typeof ward>;

/** Body of `POST /wallets`. */
export const walletsOf = z.object({ mspId: z.string().max(64), subjectId: practitionerId });
export type WalletsOf = z.infer<typeof walletsOf>;

export type Enrolment = z.infer<typeof enrolment>;
export type StaffEnrolment = Exclude<Enrolment, { role: 'patient' }>;
export type PatientEnrolment = Extract<Enrolment, { role: 'patient' }>;
