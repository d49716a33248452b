import { type Bytes, utf8 } from '#crypto/bytes.ts';
import { inBrowserStore } from './browserDatabase.ts';

/**
 * Keeps the downtime log of a pharmacy on this device: one row for each hand-over that was written down while ledgers or network
 * were away. Rows are numbered without gaps and never removed here; what stands in them is sealed under the writer's vault key.
 */

export interface DowntimeRow {
  /** `prac-…` of the writer, who alone can open it. */
  by: string;
  /** What was handed over; never changed. */
  entry: Bytes;
  /** How far it was brought to the ledgers since. */
  progress?: Bytes;
}

export interface DowntimeLine extends DowntimeRow {
  number: number;
}

export interface DowntimeStore {
  /** The device's name in a pharmacy's log: four characters, made at the first use. */
  device(log: string): Promise<string>;
  list(log: string): Promise<DowntimeLine[]>;
  /** Adds a row under a number; false where the number is taken. On the disk before it answers. */
  add(log: string, number: number, row: DowntimeRow): Promise<boolean>;
  /** Changes the progress of a row. */
  put(log: string, number: number, row: DowntimeRow): Promise<void>;
}

const database = { name: 'medloom-downtime', store: 'entries', durability: 'strict' as const };
const digits = 6;
const keyOf = (log: string, number: number) => `${log}/${String(number).padStart(digits, '0')}`;
const deviceKey = (log: string) => `${log}/device`;
/** Crockford's base32, so that nobody mistakes a character on paper. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

const newDevice = () => Array.from(crypto.getRandomValues(new Uint8Array(4)), (byte) => alphabet[byte & 31]).join('');

function rowOf(value: unknown): DowntimeRow | undefined {
  if (typeof value !== 'object' || value === null || !('by' in value) || !('entry' in value)) return undefined;
  const { by, entry } = value;
  if (typeof by !== 'string' || !(entry instanceof Uint8Array)) return undefined;
  const progress = 'progress' in value && value.progress instanceof Uint8Array ? value.progress : undefined;
  return { by, entry: new Uint8Array(entry), ...(progress && { progress: new Uint8Array(progress) }) };
}

const isTaken = (error: unknown) => error instanceof DOMException && error.name === 'ConstraintError';

/** The store of a browser; usable in pages and workers. */
export const browserDowntimeStore = (): DowntimeStore => {
  const add = async (value: unknown, key: string): Promise<boolean> => {
    try {
      await inBrowserStore(database, 'readwrite', (store) => store.add(value, key));
      return true;
    } catch (error) {
      if (isTaken(error)) return false;
      throw error;
    }
  };
  const get = async (key: string): Promise<unknown> => inBrowserStore(database, 'readonly', (store) => store.get(key));
  return {
    async device(log) {
      await add(newDevice(), deviceKey(log));
      const device = await get(deviceKey(log));
      if (typeof device !== 'string') throw new Error('the device has no name');
      return device;
    },
    async list(log) {
      const range = IDBKeyRange.bound(keyOf(log, 0), keyOf(log, 10 ** digits - 1));
      const keys = await inBrowserStore(database, 'readonly', (store) => store.getAllKeys(range));
      const lines = await Promise.all(
        keys.map(async (key) => {
          const row = rowOf(await get(String(key)));
          return row && { ...row, number: Number(String(key).slice(log.length + 1)) };
        }),
      );
      return lines.filter((line) => line !== undefined);
    },
    add: (log, number, row) => add(row, keyOf(log, number)),
    async put(log, number, row) {
      await inBrowserStore(database, 'readwrite', (store) => store.put(row, keyOf(log, number)));
    },
  };
};

/** A store in memory: for tests, and where nothing is to be kept. */
export function memoryDowntimeStore(): DowntimeStore & { rows: Map<string, DowntimeRow> } {
  const rows = new Map<string, DowntimeRow>();
  const devices = new Map<string, string>();
  return {
    rows,
    async device(log) {
      const device = devices.get(log) ?? newDevice();
      devices.set(log, device);
      return device;
    },
    async list(log) {
      return [...rows]
        .filter(([key]) => key.startsWith(`${log}/`))
        .map(([key, row]) => ({ ...row, number: Number(key.slice(log.length + 1)) }))
        .sort((one, other) => one.number - other.number);
    },
    async add(log, number, row) {
      if (rows.has(keyOf(log, number))) return false;
      rows.set(keyOf(log, number), row);
      return true;
    },
    async put(log, number, row) {
      rows.set(keyOf(log, number), row);
    },
  };
}

/** What a sealed value of a row is bound to: it cannot stand under another number, pharmacy or device. */
export const downtimeContext = (part: 'entry' | 'progress', log: string, device: string, number: number): Bytes =>
  utf8(JSON.stringify(['medloom/downtime/v1', part, log, device, number]));
