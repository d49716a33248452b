import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Enrolment } from '#crypto/enrolment.ts';
import type { PasswordParameters } from '#crypto/password.ts';

/** Makes and opens people's keys, each as a browser would. */
export interface KeyMaker {
  /** All keys of a person who enrols. */
  make(subjectId: string): Promise<Enrolment>;
  /** The key that opens the password lock of a vault. */
  stretch(salt: Uint8Array, parameters: PasswordParameters): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** What a worker is asked for; it answers with an `Enrolment` or a wrapping key. */
export type KeyRequest =
  | { kind: 'make'; password: string; commonName: string }
  | { kind: 'stretch'; password: string; salt: Uint8Array; parameters: PasswordParameters };

/** Stretching a password takes a third of a second of one processor, so that each processor has its own thread. */
export function openKeyMaker(password: string, threads = Math.min(4, availableParallelism())): KeyMaker {
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
    make: (subjectId) => ask({ kind: 'make', password, commonName: subjectId }),
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
