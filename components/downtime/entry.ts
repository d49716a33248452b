import { z } from 'zod';
import { substitutionReasons } from '#formulary/substitution.ts';
import { dispensingPlan } from '#server/dispensing/schema.ts';
import { withoutReasons } from '../dispensing/withoutReasons.ts';

/** What a pharmacist writes down of a hand-over while ledgers or network are away, and how far it was brought since. */

/** Why it could not be recorded at once. */
export const downtimeReasons = ['ledgers', 'network', 'power', 'device'] as const;
export type DowntimeReason = (typeof downtimeReasons)[number];

const words = (max: number) => z.string().trim().min(1).max(max);

export const downtimePack = z.strictObject({
  gtin: z.string().regex(/^\d{14}$/),
  serial: words(40),
  /** As printed; compared with the ledger afterwards. */
  batch: words(40).optional(),
  expiry: z.iso.date().optional(),
});
export type DowntimePack = z.infer<typeof downtimePack>;

export const downtimeEntry = z.strictObject({
  version: z.literal(1),
  /** ISO 8601 instant of the hand-over. */
  at: z.iso.datetime(),
  reason: z.enum(downtimeReasons),
  /** The two identifiers that the person said, as the printed prescription has them; both were compared. */
  patient: z.strictObject({ name: words(200), birthDate: z.iso.date() }),
  /** As printed on the prescription. */
  prescriber: words(200).optional(),
  /** Product code of the formulary: what was handed out. */
  product: z.string().regex(/^MP-\d{5}$/),
  /** Units handed out. */
  quantity: z.int().min(1).max(100_000),
  packs: z.array(downtimePack).max(100),
  /** Why some or all of it has no serial number. */
  without: z.enum(withoutReasons).optional(),
  /** Where another product than the prescribed one was handed out. */
  substitution: z.enum(substitutionReasons).optional(),
  /** GLN of the place where it was handed out; empty where the pharmacy has none. */
  site: z.string().max(20),
  by: words(200),
});
export type DowntimeEntry = z.infer<typeof downtimeEntry>;

/** What stands between an entry and the ledgers. */
export const conflictKinds = [
  'UNKNOWN_CODE',
  'CODE_VOID',
  'EXPIRED',
  'NOT_YET_VALID',
  'CANCELLED',
  'COMPLETED',
  'HELD_BY_ANOTHER',
  'PRESCRIBER',
  'CONTROLLED',
  'ALTERED',
  'PATIENT_DIFFERS',
  'MEDICINE_DIFFERS',
  'MORE_THAN_LEFT',
  'PACK_REFUSED',
  'COLLEAGUE',
  'REFUSED',
] as const;
export type ConflictKind = (typeof conflictKinds)[number];

/** Conflicts that a person may overrule: the names are the same person's; what was left is recorded of more. */
export const overrulable = ['PATIENT_DIFFERS', 'MORE_THAN_LEFT'] as const satisfies readonly ConflictKind[];
export type Overruled = (typeof overrulable)[number];
export const isOverrulable = (kind: ConflictKind): kind is Overruled => overrulable.some((each) => each === kind);

const conflict = z.strictObject({
  kind: z.enum(conflictKinds),
  /** What differs, in words or numbers, as the kind needs it; a code of the ledger. */
  detail: z.string().max(600).optional(),
  at: z.iso.datetime(),
});
export type Conflict = z.infer<typeof conflict>;

export const downtimeProgress = z.strictObject({
  state: z.enum(['open', 'conflict', 'done', 'settled']),
  prescriptionId: z.string().optional(),
  /** What is signed for it, made once: the ledgers take each part of it once, however often it is sent. */
  plan: dispensingPlan.optional(),
  /** The plan sealed for the writer, as the portal keeps it while it is under way. */
  packet: z.string().optional(),
  /** The same where nothing was scanned. */
  dispense: dispensingPlan.shape.dispense.optional(),
  conflict: conflict.optional(),
  overruled: z.array(z.enum(overrulable)).optional(),
  /** Units that were recorded, where they are fewer than were handed out. */
  recorded: z.int().positive().optional(),
  /** The packs of a hand-over that the supply ledger would not take over, though the dispense is recorded. */
  withheld: z.string().max(600).optional(),
  /** Why the hand-over cannot be billed to an insurer. */
  unbilled: z.string().max(600).optional(),
  doneAt: z.iso.datetime().optional(),
  /** How a person settled what could not be recorded. */
  settled: z.strictObject({ at: z.iso.datetime(), by: words(200), words: words(600) }).optional(),
});
export type DowntimeProgress = z.infer<typeof downtimeProgress>;

export const nothingYet: DowntimeProgress = { state: 'open' };

/** A line of the log. */
export interface DowntimeLine {
  number: number;
  entry: DowntimeEntry;
  progress: DowntimeProgress;
  redeemHash: string;
}

/** “K7F3-0012”: the line's number with its device's name, as it is written on paper. */
export const lineName = (device: string, number: number): string => `${device}-${String(number).padStart(4, '0')}`;

/** Whether somebody still has to do something about a line. */
export const isOpenLine = ({ progress }: Pick<DowntimeLine, 'progress'>): boolean =>
  progress.state === 'open' || progress.state === 'conflict';
