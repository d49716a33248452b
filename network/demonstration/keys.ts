import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Enrolment } from '#crypto/enrolment.ts';

/** Makes people's keys, each as a browser would at enrolment. */
export interface KeyMaker {
  make(subjectId: string): Promise<Enrolment>;
  close(): Promise<void>;
}

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
  return {
    make: async (subjectId) => {
      const worker = await take();
      try {
        return await askWorker(worker, { password, commonName: subjectId });
      } finally {
        giveBack(worker);
      }
    },
    close: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

function askWorker(worker: Worker, request: { password: string; commonName: string }): Promise<Enrolment> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      worker.off('message', answered);
      worker.off('error', failed);
    };
    const answered = (enrolment: Enrolment) => {
      settle();
      resolve(enrolment);
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
