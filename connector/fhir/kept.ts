import { readdir } from 'node:fs/promises';
import { z } from 'zod';
import { careId, deviceId, practitionerId, serialId } from '#chaincode/model/identifiers.ts';
import { prescriptionRecord } from '#chaincode/model/records.ts';
import { openBytes, sealBytes } from '#crypto/aead.ts';
import { fromUtf8, utf8 } from '#crypto/bytes.ts';
import { deriveKey } from '#crypto/derive.ts';
import type { StateFolder } from '#device/folder.ts';
import { Queue } from './queue.ts';

/**
 * What the connector keeps of the prescriptions that went through it, since the ledger gives a data key to nobody but patient,
 * author and whoever shows the access code: the key, the content, and by which identifiers the institution's software knows it.
 * One file for each, sealed under a key of the organisation's seed, so that a copied disk says nothing.
 */

const identifier = z.strictObject({ system: z.string().max(200).optional(), value: z.string().min(1).max(128) });
export type KeptIdentifier = z.infer<typeof identifier>;

/** A hand-over, written down before the first of its steps. */
const dispense = z.strictObject({
  id: serialId('disp'),
  practitioner: practitionerId,
  identifiers: z.array(identifier),
  /** MedicationDispense, JSON. */
  document: z.string(),
  /** The sealed document, base64url, until the ledger has it. */
  envelope: z.string(),
  /** Arguments of `reserve` and `dispense`, JSON; without `reserve` nothing was scanned. */
  reserve: z.string().optional(),
  dispense: z.string(),
  /** Of whom fetches it for the patient, base64url: the key of the one-time code. */
  pickupKey: z.string().optional(),
  /** Events of each supply channel, JSON: taken out, and handed over. */
  chains: z.array(z.strictObject({ channel: z.string(), decommission: z.string(), handOver: z.string() })),
  /** `undoing`: it is taken back, and never goes on. `released`: nothing was handed over, and the reservation is given back. */
  state: z.enum(['open', 'undoing', 'done', 'released']),
});
export type KeptDispense = z.infer<typeof dispense>;

/** Who took a prescription on, for which client. */
const holding = z.strictObject({
  practitioner: practitionerId,
  client: z.string(),
  /** Base64url. */
  code: z.string().optional(),
});

const prescription = z.strictObject({
  id: careId('rx'),
  /** Whether it was issued here, or taken on; practitioner, client and code are of this part. */
  part: z.enum(['author', 'holder']),
  /** Where the house that issued it has taken it on too. */
  held: holding.optional(),
  practitioner: practitionerId,
  device: deviceId,
  /** The client that asked for it. */
  client: z.string(),
  identifiers: z.array(identifier),
  /** Base64url. */
  dataKey: z.string(),
  /** MedicationRequest, JSON. */
  document: z.string(),
  patient: careId('pt'),
  /** Until the ledger has it: argument and secrets of `issue`, the sealed document, base64url. */
  issue: z.strictObject({ argument: z.string(), secrets: z.string(), envelope: z.string() }).optional(),
  /**
   * The access code, base64url: for the printed prescription until somebody accepts it, or while it is held for the pharmacy that the
   * holder transfers it to.
   */
  code: z.string().optional(),
  dispenses: z.array(dispense),
  /** What the ledger says of it since it was completed or cancelled. */
  ended: z.strictObject({ prescription: prescriptionRecord, lastUpdated: z.iso.datetime() }).optional(),
});
export type KeptPrescription = z.infer<typeof prescription>;

/** Who took it on here; undefined where it was issued only. */
export const heldPart = (kept: KeptPrescription): z.infer<typeof holding> | undefined =>
  kept.part === 'holder' ? kept : kept.held;

const suffix = '.sealed';

export class KeptPrescriptions {
  readonly #folder: StateFolder;
  readonly #key: Uint8Array;
  readonly #kept: Map<string, KeptPrescription>;
  readonly #queue = new Queue();

  private constructor(folder: StateFolder, key: Uint8Array, kept: Map<string, KeptPrescription>) {
    this.#folder = folder;
    this.#key = key;
    this.#kept = kept;
  }

  /** Reads all of a folder. Throws where a file is damaged or sealed under another seed. */
  static async open(folder: StateFolder, seed: Uint8Array, device: string): Promise<KeptPrescriptions> {
    const key = deriveKey(seed, `medloom/fhir/kept/v1/${device}`);
    const kept = new Map<string, KeptPrescription>();
    for (const name of await readdir(folder.path)) {
      if (!name.endsWith(suffix)) continue;
      const id = name.slice(0, -suffix.length);
      const bytes = await folder.read(name);
      if (bytes === undefined) continue;
      try {
        kept.set(id, prescription.parse(JSON.parse(fromUtf8(await openBytes(key, bytes, utf8(id), 'ALTERED')))));
      } catch (cause) {
        throw new Error(`${folder.file(name)} is damaged, or of another seed.`, { cause });
      }
    }
    return new KeptPrescriptions(folder, key, kept);
  }

  find(id: string): KeptPrescription | undefined {
    return this.#kept.get(id);
  }

  all(): KeptPrescription[] {
    return [...this.#kept.values()];
  }

  put(one: KeptPrescription): Promise<unknown> {
    return this.change(one.id, () => one);
  }

  /**
   * Changes what is kept, one after the other for each prescription, so that nobody writes over what was kept meanwhile.
   * @param make of what is kept now; undefined forgets it, key and content
   */
  change(
    id: string,
    make: (now: KeptPrescription | undefined) => KeptPrescription | undefined,
  ): Promise<KeptPrescription | undefined> {
    return this.#queue.run(id, async () => {
      const before = this.#kept.get(id);
      const after = make(before);
      if (after === before) return before;
      if (after === undefined) {
        await this.#folder.remove(`${id}${suffix}`);
        this.#kept.delete(id);
      } else {
        const sealed = await sealBytes(this.#key, utf8(JSON.stringify(prescription.parse(after))), utf8(id));
        await this.#folder.write(`${id}${suffix}`, sealed);
        this.#kept.set(id, after);
      }
      return after;
    });
  }

  /** Forgets a prescription, key and content. */
  forget(id: string): Promise<unknown> {
    return this.change(id, () => undefined);
  }

  /** Forgets that the house took it on, all of it or that part of what it issued, if it is still kept so. */
  forgetHolding(id: string, isSo: (now: KeptPrescription) => boolean = () => true): Promise<unknown> {
    return this.change(id, (now) => {
      if (!now || !isSo(now)) return now;
      if (now.part === 'holder') return undefined;
      const { held: _, ...issued } = now;
      return issued;
    });
  }
}
