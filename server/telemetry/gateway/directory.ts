import { eq } from 'drizzle-orm';
import { AppError } from '#server/errors.ts';
import type { Database } from '../../gateways/db/database.ts';
import { devices } from '../../gateways/db/schema/circles.ts';
import type { LedgerGateway } from '../../gateways/ledger/ledger.ts';
import { readDevice } from '../../registry/ledger.ts';
import type { RefusalCode } from './protocol.ts';

/** A device as `registry` has it. */
export interface KnownDevice {
  id: string;
  institutionId: string;
  mspId: string;
  purpose: string;
  status: string;
  signingKeyHash: string;
}

/** What may connect: it measures, or it watches what others measure. */
const purposes: ReadonlySet<string> = new Set(['sensor', 'hub', 'monitor']);
const mostKnown = 100_000;

/** Devices by their ids. What was read stays until somebody tells that the registry has changed it; what is being read then, too. */
export class Directory {
  readonly #stores: { db: Database; ledger: Pick<LedgerGateway, 'evaluate'> };
  readonly #known = new Map<string, Promise<KnownDevice | undefined>>();

  constructor(stores: { db: Database; ledger: Pick<LedgerGateway, 'evaluate'> }) {
    this.#stores = stores;
  }

  /** By the followed registry; the ledger is asked for one that is not there yet. Throws LEDGER_UNAVAILABLE. */
  async find(id: string): Promise<KnownDevice | undefined> {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    if (this.#known.size >= mostKnown) this.#known.clear();
    const reading = this.#read(id);
    this.#known.set(id, reading);
    // One that is not there may be there the next time.
    const found = await reading.catch(() => undefined);
    if (found === undefined && this.#known.get(id) === reading) this.#known.delete(id);
    return reading;
  }

  async #read(id: string): Promise<KnownDevice | undefined> {
    const [row] = await this.#stores.db.select().from(devices).where(eq(devices.id, id));
    return row ?? this.#ask(id);
  }

  /** Whether a device may be here with the key that it shows; why not. */
  async judge(id: string, signingKeyHash: string): Promise<KnownDevice | RefusalCode> {
    const device = await this.find(id);
    if (device === undefined || !purposes.has(device.purpose)) return 'NOT_REGISTERED';
    if (device.signingKeyHash !== signingKeyHash) {
      // It may have changed its key just now.
      const asked = await this.#ask(id);
      if (asked?.signingKeyHash !== signingKeyHash) return 'NOT_REGISTERED';
      this.#known.set(id, Promise.resolve(asked));
      return asked.status === 'active' ? asked : 'SUSPENDED';
    }
    return device.status === 'active' ? device : 'SUSPENDED';
  }

  /** Forgets one, or all: what the registry says is read again. */
  forget(id?: string): void {
    if (id === undefined) this.#known.clear();
    else this.#known.delete(id);
  }

  async #ask(id: string): Promise<KnownDevice | undefined> {
    try {
      const { keys, purpose = 'system', institutionId, mspId, status } = await readDevice(this.#stores.ledger, id);
      return { id, institutionId, mspId, purpose, status, signingKeyHash: keys.signingKeyHash };
    } catch (error) {
      if (error instanceof AppError && error.code === 'NOT_FOUND') return undefined;
      throw error;
    }
  }
}
