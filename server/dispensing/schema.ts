import { z } from 'zod';
import { gtin } from '#chaincode/model/product.ts';
import { eventHash, packName } from '#chaincode/model/trace.ts';
import { eventSchema } from '#epcis/event.ts';
import { dispenseIntent, reserveIntent } from '../prescriptions/kinds.ts';
import { base64Url, dispenseId, prescriptionId } from '../prescriptions/schema.ts';
import { supplyChannel } from '../trace/kinds.ts';

/** Begins a dispense of scanned packs: what carries it on, sealed to the pharmacist, before anything is signed. */
export const keepDispensing = z.object({
  dispenseId,
  prescriptionId,
  /** The plan with up to 100 packs and the encrypted document, in which the clinical check is. */
  packet: base64Url(349_526),
});

/** Ends it: done, or taken back. */
export const dropDispensing = z.object({ dispenseId });

/** A dispense of packs that its pharmacist has begun and not finished. */
export interface OpenDispensing {
  dispenseId: string;
  prescriptionId: string;
  packet: string;
  /** ISO 8601 */
  begun: string;
}

const mostPacks = 100;

/**
 * All that a dispense of packs signs, made once and signed as it is however often: the ledgers take each part once. It is in
 * the packet, sealed.
 */
export const dispensingPlan = z.object({
  /** What is dispensed, in words. */
  medicine: z.string().max(300),
  reserve: reserveIntent,
  dispense: dispenseIntent,
  chains: z
    .array(
      z.object({
        channel: supplyChannel,
        packs: z.array(packName).min(1).max(mostPacks),
        decommission: eventSchema,
        handOver: eventSchema,
        /** What each capture is called. */
        captures: z.object({ decommission: z.uuid(), handOver: z.uuid(), undo: z.uuid() }),
      }),
    )
    .min(1)
    .max(mostPacks),
});
export type DispensingPlan = z.infer<typeof dispensingPlan>;

/** Asks where a dispense of packs stands on all of its ledgers. */
export const readDispensing = z.object({
  prescriptionId,
  dispenseId,
  chains: z
    .array(
      z.object({
        channel: supplyChannel,
        packs: z.array(packName).min(1).max(mostPacks),
        /** Of the event that takes the packs out of the supply chain, and of that which hands them over. */
        decommission: eventHash,
        handOver: eventHash,
        /** Names under which captures of this chain were or may be signed. */
        captures: z.array(z.uuid()).min(1).max(3),
      }),
    )
    .min(1)
    .max(mostPacks),
});

/**
 * Where the packs of one supply channel stand: `waiting` to be taken out; `refused`: the contract would not have it; `out`;
 * `undone`; `stuck`: out, and no longer to be had back (recalled, expired, quarantined); `handedOver`, for good; `withheld`: the
 * contract refused to record the hand-over.
 */
export const chainStates = ['waiting', 'refused', 'out', 'undone', 'stuck', 'handedOver', 'withheld'] as const;
export type ChainState = (typeof chainStates)[number];

export interface DispensingStanding {
  /** For whom the prescription keeps units: for this dispense, for another one, or for none. */
  reserved: 'own' | 'other' | 'none';
  /** The care channel has the dispense: there is no way back. */
  dispensed: boolean;
  /** In the order of the question, each with the code of a refusal. */
  chains: { state: ChainState; code?: string }[];
}

/** Asks which pharmacies have packs of these GTINs; no prescription is named. `from`: GLN of the own place, for distances. */
export const findNearby = z.object({ gtins: z.array(gtin).min(1).max(50), from: z.string().max(20).optional() });

/** Never a number: `few` is one to four packs; `untold`: the pharmacy does not say, or the asking one does not. */
export const stockLevels = ['yes', 'few', 'none', 'untold'] as const;
export type StockLevel = (typeof stockLevels)[number];

export interface NearbyPharmacy {
  institutionId: string;
  name: string;
  place: string;
  /** Along the great circle, whole ones; absent where a place is not known. */
  kilometres?: number;
  stock: StockLevel;
}

/** Lets other pharmacies see the own stock roughly, or no longer. */
export const setStockSharing = z.object({ on: z.boolean() });

export interface StockSharing {
  on: boolean;
  since?: string;
}
