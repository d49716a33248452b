import { openBytes, sealBytes } from '#crypto/aead.ts';
import { fromUtf8, utf8 } from '#crypto/bytes.ts';
import { deriveKey } from '#crypto/derive.ts';
import { type DowntimeLine, type DowntimeStore, downtimeContext } from './downtimeStore.ts';
import { VaultError } from './errors.ts';
import type { OpenState } from './openVault.ts';
import { redeemText } from './prescriptionOperations.ts';

/** A line of the log as the page has it. The access code stays in the worker, which knows it by the hash. */
export interface OpenedLine {
  number: number;
  /** What the page wrote, JSON. */
  entry: string;
  /** How far it was brought, JSON; null where nothing was begun. */
  progress: string | null;
  redeemHash: string;
  prescriptionId?: string;
}

export interface OpenedLog {
  device: string;
  /** The person's own lines, by number. */
  lines: OpenedLine[];
  /** Numbers of lines that others wrote on this device, or that these keys do not open. */
  sealed: number[];
}

const keyOf = ({ vaultKey }: OpenState) => deriveKey(vaultKey, 'medloom/downtime/store/v1');

/** The downtime log on this device, sealed under the vault key of whoever writes. Nothing here asks a server. */
export function downtimeOperations(opened: () => OpenState, store: DowntimeStore) {
  const openLine = async (state: OpenState, log: string, device: string, line: DowntimeLine): Promise<OpenedLine> => {
    const open = async (part: 'entry' | 'progress', sealed: Uint8Array) =>
      fromUtf8(await openBytes(keyOf(state), sealed, downtimeContext(part, log, device, line.number), 'ALTERED'));
    const kept: unknown = JSON.parse(await open('entry', line.entry));
    const [code, origin, entry] = Array.isArray(kept) ? kept.map(String) : [];
    if (code === undefined || origin === undefined || entry === undefined) {
      throw new VaultError('ALTERED', 'A line of the downtime log is not as it was written.');
    }
    const progress = line.progress === undefined ? null : await open('progress', line.progress);
    return { number: line.number, entry, progress, ...redeemText(state, code, origin) };
  };

  return {
    /** The log of a pharmacy on this device. */
    async readDowntime({ log }: { log: string }): Promise<OpenedLog> {
      const state = opened();
      const device = await store.device(log);
      const lines: OpenedLine[] = [];
      const sealed: number[] = [];
      for (const line of await store.list(log)) {
        try {
          lines.push(await openLine(state, log, device, line));
        } catch {
          // A colleague's, or of keys from before: it is counted, and stays where it is.
          sealed.push(line.number);
        }
      }
      return { device, lines, sealed };
    },

    /**
     * Writes a hand-over down under the next number and answers it. `code`: the scanned text or typed code. Throws the
     * faults of a code that is none.
     */
    async writeDowntime(input: { log: string; code: string; origin: string; entry: string }): Promise<number> {
      const state = opened();
      const { log, code, origin, entry } = input;
      redeemText(state, code, origin);
      const device = await store.device(log);
      const { subjectId: by } = state.owner;
      const plain = utf8(JSON.stringify([code, origin, entry]));
      for (;;) {
        const number = ((await store.list(log)).at(-1)?.number ?? 0) + 1;
        const sealed = await sealBytes(keyOf(state), plain, downtimeContext('entry', log, device, number));
        // Another tab may have taken the number meanwhile.
        if (await store.add(log, number, { by, entry: sealed })) return number;
      }
    },

    /** Keeps how far a line was brought. Throws NOT_FOUND. */
    async keepDowntime(input: { log: string; number: number; progress: string }): Promise<void> {
      const state = opened();
      const { log, number } = input;
      const device = await store.device(log);
      const line = (await store.list(log)).find((each) => each.number === number);
      if (line === undefined || line.by !== state.owner.subjectId) {
        throw new VaultError('NOT_FOUND', `There is no line ${number} of yours.`);
      }
      const context = downtimeContext('progress', log, device, number);
      const progress = await sealBytes(keyOf(state), utf8(input.progress), context);
      await store.put(log, number, { by: line.by, entry: line.entry, progress });
    },
  };
}
