import { z } from 'zod';
import { charactersPattern } from '../../gs1/characters.ts';
import { hasCheckDigit } from '../../gs1/checkDigit.ts';
import { ledgerErrorCodes } from './errors.ts';
import { institutionId, serialId } from './identifiers.ts';
import { gln, gtin } from './product.ts';
import { words } from './shapes/text.ts';

/** State of the contract `trace` (channels `supply-*`). Nothing here says who a patient is. */

/** Serial and batch numbers alike. */
const gs1Text = z.string().regex(charactersPattern(82, 20));
export const serialNumber = gs1Text;
export const batchNumber = gs1Text;
export const sscc = z
  .string()
  .regex(/^[0-9]{18}$/)
  .refine(hasCheckDigit, 'must end in its check digit');
/** A day, `2027-06-30`: the last on which a pack may be dispensed. */
export const expiryDay = z.iso.date();
/** The CBV hash of an event (CBV 2.0, section 8.9), as `epcis/hash.ts` makes it. */
export const eventHash = z.string().regex(/^ni:\/\/\/sha-256;[0-9a-f]{64}\?ver=CBV2\.0$/);

/**
 * active ⇄ quarantined; active ⇄ decommissioned → dispensed; any but the ended → stolen or destroyed. That a pack has expired
 * or is recalled is not stored: it follows from the clock and the recalls of its product.
 */
export const packStates = ['active', 'quarantined', 'decommissioned', 'dispensed', 'stolen', 'destroyed'] as const;
export const packState = z.enum(packStates);
export type PackState = (typeof packStates)[number];

/** States in which a container, and with it all that is in it, can be. */
export const containerStates = ['active', 'quarantined', 'stolen', 'destroyed'] as const;
export type ContainerState = (typeof containerStates)[number];

/** So deep containers lie in containers. */
export const deepestNesting = 4;
/** So many events, and EPCs in all of them, one call of `capture` takes, and so many bytes. */
export const mostEvents = 500;
export const mostEpcs = 5000;
export const mostCaptureBytes = 2 * 1024 * 1024;
/** A decommissioning can be undone so long (Delegated Regulation (EU) 2016/161, article 13: ten days). */
export const undoDays = 10;

/** What holds of a pack and of a container alike, unless it is in a container: then that of the outermost holds. */
const custody = {
  /** The institution that answers for it. */
  holder: institutionId,
  /** GLN of the holder's place where it is, or was last. */
  site: gln,
  /** The container that it is in. */
  parent: sscc.optional(),
  /** The party to whom it is on its way; only that party can receive it. */
  shippedTo: institutionId.optional(),
  /** While quarantined: by whose decision. What the authority quarantines, only the authority releases. */
  heldBy: z.enum(['holder', 'authority']).optional(),
};
const version = z.int().positive();

export const pack = z.strictObject({
  gtin,
  serial: serialNumber,
  batch: batchNumber,
  expiry: expiryDay,
  state: packState,
  ...custody,
  /**
   * Readings outside of the product's storage limits, less those that its containers had had before it came in; a pack's
   * excursions are the sum over it and the containers around it. In what reads answer, that sum.
   */
  excursions: z.int().optional(),
  /** By what it left the supply chain, while it is decommissioned or dispensed. */
  decommissioned: z
    .strictObject({
      at: z.iso.datetime(),
      site: gln,
      institutionId,
      eventHash,
      /** `dispense`: it was handed over, which is final. */
      step: z.enum(['decommission', 'dispense']),
    })
    .optional(),
  version,
});
export type Pack = z.infer<typeof pack>;

export const container = z.strictObject({
  sscc,
  state: z.enum(containerStates),
  ...custody,
  /** `<gtin>|<batch>|<expiry>` → packs in it and in the containers in it. */
  contents: z.record(z.string(), z.int().positive()),
  /** Levels of containers since it was last emptied: 1 where only packs came in, at most `deepestNesting`. */
  levels: z.int().min(1).max(deepestNesting),
  /** How many of the packs and containers in it, at any depth, are quarantined. */
  withheld: z.int().positive().optional(),
  /** GTIN → readings outside of that product's storage limits; counted as a pack's. */
  excursions: z.record(z.string(), z.int()).optional(),
  version,
});
export type Container = z.infer<typeof container>;

/** What `readPack` answers: holder, site, state and so on as they are, with the containers around it, the innermost first. */
export interface PackView extends Pack {
  containers: string[];
  /** Ids of the recalls in force that it falls under. */
  recalls: string[];
}
/** What `readContainer` answers; its own contents stay its own. */
export interface ContainerView extends Container {
  containers: string[];
}
/** One row of `listContents`. */
export type Content = { kind: 'pack'; gtin: string; serial: string } | { kind: 'container'; sscc: string };

export const packName = z.strictObject({ gtin, serial: serialNumber });
export type PackName = z.infer<typeof packName>;

export const recallId = serialId('rcl');
/** How far a recall reaches: to patients, to pharmacies, or to wholesalers. */
export const recallLevels = ['patient', 'retail', 'wholesale'] as const;

/** Serials of the same length from `from` to `to`, both included, by code units; for digits that is by number. */
const serialRange = z
  .strictObject({ from: serialNumber, to: serialNumber })
  .refine(({ from, to }) => from.length === to.length && from <= to, 'must be of one length, the lower first');

const recallFields = {
  /** `rcl-` and 26 lower-case base32 characters. */
  id: recallId,
  gtin,
  /** All of the batches where it names none, and all of the serials. Where both are named, a pack must be of both. */
  batches: z.array(batchNumber).min(1).max(100).optional(),
  serials: z.array(serialRange).min(1).max(100).optional(),
  reason: words(3, 300),
  level: z.enum(recallLevels),
};
/** The argument of `recall`. */
export const recallArgument = z.strictObject(recallFields);
export type RecallArgument = z.infer<typeof recallArgument>;

const decision = { at: z.iso.datetime(), by: z.string(), institutionId };
export const recallRecord = z.strictObject({
  ...recallFields,
  state: z.enum(['active', 'ended']),
  started: z.strictObject(decision),
  ended: z.strictObject(decision).optional(),
});
export type Recall = z.infer<typeof recallRecord>;
/** All recalls of a product, oldest first: one record, which every ship, receive and dispense of the product reads. */
export const productRecalls = z.strictObject({ gtin, recalls: z.array(recallRecord), version });
export type ProductRecalls = z.infer<typeof productRecalls>;
export const mostRecalls = 100;

/** Whether a recall is in force for a pack. */
export function isRecalledBy(recall: Recall, { batch, serial }: Pick<Pack, 'batch' | 'serial'>): boolean {
  if (recall.state !== 'active' || !isBatchRecalledBy(recall, batch)) return false;
  return recall.serials?.some(({ from, to }) => isWithin(serial, from, to)) ?? true;
}

/** Whether a recall in force may concern packs of a batch. */
export function isBatchRecalledBy(recall: Recall, batch: string): boolean {
  return recall.state === 'active' && (recall.batches?.includes(batch) ?? true);
}

function isWithin(serial: string, from: string, to: string): boolean {
  return serial.length === from.length && from <= serial && serial <= to;
}

/** The instant at which a pack has expired: the end of its last day, UTC. */
export function expiresAt({ expiry }: Pick<Pack, 'expiry'>): number {
  return Date.parse(`${expiry}T00:00:00Z`) + 24 * 60 * 60 * 1000;
}

export const eventOutcomes = ['accepted', 'refused', 'duplicate'] as const;
export type EventOutcome = (typeof eventOutcomes)[number];
/** What an event that was accepted gives reason to look at: a reading out of limits; a recalled or expired pack that arrived. */
export const captureAlerts = ['excursion', 'recalled', 'expired'] as const;
export type CaptureAlert = (typeof captureAlerts)[number];

const outcomeFields = {
  hash: eventHash,
  /** An error declaration has the hash of the event that it declares wrong, and is kept beside it. */
  declaration: z.literal(true).optional(),
  /** Why it was refused, as a call would be, and in words. */
  code: z.enum(ledgerErrorCodes).optional(),
  detail: z.string().optional(),
};

/**
 * What was decided about one event. Its body stands in the argument of the transaction. A refused event is suspicious; where it
 * is sent again and may be by now, as when a receipt was heard of before its shipment, it is accepted.
 */
export const eventRecord = z.strictObject({
  ...outcomeFields,
  eventId: z.string().optional(),
  outcome: z.enum(['accepted', 'refused']),
  at: z.iso.datetime(),
  /** Practitioner or device. */
  by: z.string(),
  institutionId,
});
export type EventRecord = z.infer<typeof eventRecord>;
/** What `readEvent` answers. */
export interface EventView {
  event: EventRecord;
  declaration?: EventRecord;
}

/** One entry of an event `TraceCaptured`, in the order of the transaction's argument. */
export const captureOutcome = z.strictObject({
  ...outcomeFields,
  outcome: z.enum(eventOutcomes),
  alerts: z.array(z.enum(captureAlerts)).min(1).optional(),
});
export type CaptureOutcome = z.infer<typeof captureOutcome>;

/** A transaction carries one event; names and payloads (JSON) of those of `trace`. */
export const traceEvents = { captured: 'TraceCaptured', recalls: 'RecallChanged' } as const;

/** Argument and event together say all that a `capture` did. */
export const traceCaptured = z.strictObject({
  at: z.iso.datetime(),
  by: z.string(),
  institutionId,
  outcomes: z.array(captureOutcome).min(1).max(mostEvents),
});
export type TraceCaptured = z.infer<typeof traceCaptured>;

export const recallChanged = z.strictObject({
  id: recallId,
  gtin,
  change: z.enum(['recall', 'endRecall']),
  state: z.enum(['active', 'ended']),
  version,
  ...decision,
});
export type RecallChanged = z.infer<typeof recallChanged>;

/** The argument of `verify`: what a DataMatrix says; batch and expiry are compared where they are given. */
export const verifyArgument = z.strictObject({
  gtin,
  serial: serialNumber,
  batch: batchNumber.optional(),
  expiry: expiryDay.optional(),
});
export type VerifyArgument = z.infer<typeof verifyArgument>;

export const verifyAnswers = [
  'genuine',
  'unknown',
  'mismatch',
  'dispensed',
  'decommissioned',
  'destroyed',
  'stolen',
  'recalled',
  'quarantined',
  'expired',
] as const;
export type VerifyAnswer = (typeof verifyAnswers)[number];
/** What `verify` answers; `why` is in words, for logs: screens have their own. */
export const verification = z.strictObject({ answer: z.enum(verifyAnswers), why: z.string() });
export type Verification = z.infer<typeof verification>;
