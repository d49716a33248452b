import { VaultError } from './errors.ts';
import type { VaultKeeper, VaultOperation } from './keeper.ts';
import type { VaultMessage, VaultRequest } from './vault.worker.ts';

type Input<Name extends VaultOperation> = Parameters<VaultKeeper[Name]>[0];
type Output<Name extends VaultOperation> = Awaited<ReturnType<VaultKeeper[Name]>>;

/** Asks the worker that keeps the keys. */
export interface VaultClient {
  call<Name extends VaultOperation>(operation: Name, input: Input<Name>): Promise<Output<Name>>;
  /** Calls `listener` whenever the vault locks; answers how to stop. */
  onLocked(listener: () => void): () => void;
}

/** What a worker offers; a test passes its own. */
export interface VaultPort {
  postMessage(message: VaultRequest): void;
  onmessage: ((event: MessageEvent<VaultMessage>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

/** A client of the worker behind `port`. */
export function createVaultClient(port: VaultPort): VaultClient {
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  const listeners = new Set<() => void>();
  let last = 0;
  port.onmessage = ({ data }) => {
    if ('locked' in data) {
      for (const listener of listeners) listener();
      return;
    }
    const request = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.ok) request?.resolve(data.value as never);
    else request?.reject(new VaultError(data.error.code, data.error.message, { detail: data.error.detail }));
  };
  port.onerror = () => {
    for (const { reject } of waiting.values()) reject(new VaultError('INTERNAL', 'The keeper of your keys stopped.'));
    waiting.clear();
    for (const listener of listeners) listener();
  };
  const ask: VaultClient['call'] = (operation, input) =>
    new Promise((resolve, reject) => {
      last += 1;
      waiting.set(last, { resolve, reject });
      port.postMessage({ id: last, operation, input });
    });
  // Keys that open by themselves may still be opening when a quick person signs.
  let resuming: Promise<unknown> | undefined;
  return {
    call(operation, input) {
      const asked = resuming === undefined ? ask(operation, input) : resuming.then(() => ask(operation, input));
      if (operation === 'resume') {
        const over = () => {
          resuming = undefined;
        };
        resuming = asked.then(over, over);
      }
      return asked;
    },
    onLocked(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

let client: VaultClient | undefined;

/** The one worker of this page; it lives on over client navigation. */
export function vaultClient(): VaultClient {
  client ??= createVaultClient(new Worker(new URL('./vault.worker.ts', import.meta.url), { type: 'module' }));
  return client;
}
