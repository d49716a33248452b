import { z } from 'zod';
import { type AdverseReport, reportId } from '#chaincode/model/adverseReport.ts';
import type { ClaimedReader } from '#crypto/reader.ts';

/** A report as those see it who have to do with it; what it says is encrypted. */
export interface ReportView extends AdverseReport {
  /** Who reported and who wrote each message, by name where the portal knows. */
  names: Record<string, string>;
  /** The authority has asked, and nobody has answered. */
  asked: boolean;
}

/** Whom reports and entries of the controlled register are encrypted to: an authority with a reading key. */
export type AuthorityReader = Extract<ClaimedReader, { kind: 'institution' }>;

export const someReport = z.object({ id: reportId });
