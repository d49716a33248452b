import { z } from 'zod';
import { careId, cid, hex32, institutionId, keyWrap, patientPseudonym, practitionerId } from './identifiers.ts';

/**
 * A report of an adverse event to the authority: who reported it, about which patient, and how far it is. Medicine, batch and
 * what happened are in its ciphertexts alone, all under one data key, which is wrapped for authority and reporter.
 */

export const reportId = careId('ae');

/** received → assessed → closed. */
export const reportStates = ['received', 'assessed', 'closed'] as const;
export type ReportState = (typeof reportStates)[number];

/** What a message of a report is; the first is the report itself. */
export const messageKinds = ['report', 'question', 'answer', 'assessment'] as const;
export type MessageKind = (typeof messageKinds)[number];
export const mostMessages = 50;

/** A ciphertext on IPFS, by CID and hex SHA-256. */
export const sealedMessage = z.strictObject({ cid, contentHash: hex32 });
export type SealedMessage = z.infer<typeof sealedMessage>;

/** The argument of `reports:file`. */
export const newReport = z.strictObject({
  id: reportId,
  /** Whom it happened to, where the reporter knows the pseudonym; a patient's own report always says it. */
  patient: patientPseudonym.optional(),
  /** The authority, and the generation of its reading key. */
  to: institutionId,
  generation: z.int().positive(),
  message: sealedMessage,
});
export type NewReport = z.infer<typeof newReport>;

/** Transient field of `reports:file`: JSON of `ReportWraps`. */
export const wrapsTransientField = 'wraps';
/** The data key, wrapped for the authority's reading key and for the reporter's own. */
export const reportWraps = z.strictObject({ authority: keyWrap, reporter: keyWrap });
export type ReportWraps = z.infer<typeof reportWraps>;
/** Private data collection of the wraps: those who report and the regulator. */
export const reportCollection = 'reportSecrets';

const personId = z.union([patientPseudonym, practitionerId]);

export const reportRecord = z.strictObject({
  id: reportId,
  patient: patientPseudonym.optional(),
  reporter: z.strictObject({
    id: personId,
    role: z.enum(['patient', 'doctor', 'pharmacist']),
    institution: institutionId.optional(),
  }),
  to: institutionId,
  generation: z.int().positive(),
  state: z.enum(reportStates),
  /** Oldest first. */
  messages: z
    .array(
      z.strictObject({
        kind: z.enum(messageKinds),
        by: personId,
        at: z.iso.datetime(),
        ...sealedMessage.shape,
      }),
    )
    .min(1)
    .max(mostMessages),
  version: z.int().positive(),
});
export type AdverseReport = z.infer<typeof reportRecord>;

/** Whether the authority has asked and nobody has answered yet. */
export const isAsked = ({ messages, state }: Pick<AdverseReport, 'messages' | 'state'>): boolean =>
  state !== 'closed' && messages.findLast(({ kind }) => kind === 'question' || kind === 'answer')?.kind === 'question';

/** Answer of `reports:readWrap`: the data key for whoever asks. */
export const reportWrap = z.strictObject({ id: reportId, reader: z.string(), generation: z.int(), wrap: keyWrap });
export type ReportWrap = z.infer<typeof reportWrap>;
