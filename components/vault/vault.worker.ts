import { fetchBlocks, fetchCircleBlocks } from './blocks.ts';
import { browserCircleStore } from './circleStore.ts';
import { browserDowntimeStore } from './downtimeStore.ts';
import { type ErrorMessage, errorMessage } from './errors.ts';
import { createKeeper, type VaultOperation } from './keeper.ts';
import { browserSessionStore } from './sessionStore.ts';

/** A request of the page. */
export interface VaultRequest {
  id: number;
  operation: VaultOperation;
  input: unknown;
}

/** What the worker tells the page: an answer to a request, or that the vault is locked. */
export type VaultMessage =
  | { id: number; ok: true; value: unknown }
  | { id: number; ok: false; error: ErrorMessage }
  | { locked: true };

const tell = (message: VaultMessage, transfer: Transferable[] = []) => self.postMessage(message, { transfer });

/** Bytes of an answer that is one piece or block of a file: they are handed over and not copied. */
function transferable(value: unknown): Transferable[] {
  if (value instanceof Uint8Array) return [value.buffer];
  const holds = typeof value === 'object' && value !== null && 'block' in value ? value.block : undefined;
  const bytes = typeof holds === 'object' && holds !== null && 'bytes' in holds ? holds.bytes : undefined;
  return bytes instanceof Uint8Array ? [bytes.buffer] : [];
}

// All tabs of this portal lock together.
const tabs = new BroadcastChannel('medloom-vault');
let announcing = true;

const keeper = createKeeper({
  store: browserSessionStore(),
  blocks: fetchBlocks,
  circleBlocks: fetchCircleBlocks,
  circles: browserCircleStore(),
  downtime: browserDowntimeStore(),
  onLock: () => {
    if (announcing) tabs.postMessage('lock');
    tell({ locked: true });
  },
});

tabs.onmessage = async () => {
  announcing = false;
  await keeper.lock();
  announcing = true;
};

self.onmessage = async (event: MessageEvent<VaultRequest>) => {
  const { id, operation, input } = event.data;
  try {
    if (!Object.hasOwn(keeper, operation)) throw new RangeError('no such operation');
    const perform: (input: never) => Promise<unknown> = keeper[operation];
    const value = await perform(input as never);
    tell({ id, ok: true, value }, transferable(value));
  } catch (thrown) {
    tell({ id, ok: false, error: errorMessage(thrown) });
  }
};
