import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { NewCredential } from '#chaincode/model/secondFactor.ts';
import type { Root } from '#crypto/certificate.ts';
import type { Enrolment } from '#crypto/enrolment.ts';
import type { PasswordParameters } from '#crypto/password.ts';
import type { VaultContents } from '#crypto/vaultContents.ts';

/** What opens everybody's keys, and confirms everybody's signatures. */
export interface Secrets {
  password: string;
  /** Signing PIN. */
  pin: string;
}

/** A vault that is open in this process, as it would be in the person's browser. */
export interface HeldVault {
  /** JSON of the `VaultRecord`. */
  record: string;
  /** 32 bytes */
  vaultKey: Uint8Array;
  keys: VaultContents;
}

/** A vault with a signing PIN, and what the ledger is to record of it. */
export interface PinnedVault {
  /** JSON of the `VaultRecord`. */
  record: string;
  contents: VaultContents;
  credential: NewCredential;
}

/** Makes and opens people's keys, each as a browser would. */
export interface KeyMaker {
  /** All keys of a person who enrols, with a signing PIN for the portal of this host, in a vault that trusts the roots. */
  make(subjectId: string, host: string, roots: Root[]): Promise<Enrolment & PinnedVault>;
  /** A signing PIN for a vault that has none. */
  addPin(vault: { record: string; vaultKey: Uint8Array }, host: string): Promise<PinnedVault>;
  /** The key that opens the password lock of a vault. */
  stretch(salt: Uint8Array, parameters: PasswordParameters): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** What a worker is asked for; it answers with an `Enrolment`, a `PinnedVault`, both, or a wrapping key. */
export type KeyRequest =
  | { kind: 'make'; password: string; pin: string; host: string; commonName: string; roots: Root[] }
  | { kind: 'pin'; pin: string; host: string; record: string; vaultKey: Uint8Array }
  | { kind: 'stretch'; password: string; salt: Uint8Array; parameters: PasswordParameters };

/** Stretching a password takes a third of a second of one processor, so that each processor has its own thread. */
export function openKeyMaker({ password, pin }: Secrets, threads = Math.min(4, availableParallelism())): KeyMaker {
  const workers = Array.from({ length: threads }, () => new Worker(new URL('./keysWorker.ts', import.meta.url)));
  const idle = [...workers];
  const waiting: ((worker: Worker) => void)[] = [];
  const take = (): Promise<Worker> => {
    const worker = idle.pop();
    return worker ? Promise.resolve(worker) : new Promise((resolve) => waiting.push(resolve));
  };
  const giveBack = (worker: Worker) => {
    const next = waiting.shift();
    if (next) next(worker);
    else idle.push(worker);
  };
  const ask = async <T>(request: KeyRequest): Promise<T> => {
    const worker = await take();
    try {
      return await askWorker<T>(worker, request);
    } finally {
      giveBack(worker);
    }
  };
  return {
    make: (subjectId, host, roots) => ask({ kind: 'make', password, pin, host, commonName: subjectId, roots }),
    addPin: (vault, host) => ask({ kind: 'pin', pin, host, ...vault }),
    stretch: (salt, parameters) => ask({ kind: 'stretch', password, salt, parameters }),
    close: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

function askWorker<T>(worker: Worker, request: KeyRequest): Promise<T> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      worker.off('message', answered);
      worker.off('error', failed);
    };
    const answered = (answer: T) => {
      settle();
      resolve(answer);
    };
    const failed = (error: Error) => {
      settle();
      reject(error);
    };
    worker.once('message', answered);
    worker.once('error', failed);
    worker.postMessage(request);
  });
}
