import { isMainThread } from 'node:worker_threads';

/**
 * Ends this process when the one that started it is gone, however that ended: loaded by `node --import`, or imported by an
 * entry. The parent holds the other end of standard input and sets MEDLOOM_PARENT_PIPE; without that nothing happens.
 */

/** How long an orderly end by SIGTERM may take before the process ends at once. */
const patienceMs = 8_000;

function endWithParent(): void {
  process.stdin.once('close', () => {
    setTimeout(() => process.exit(1), patienceMs).unref();
    process.kill(process.pid, 'SIGTERM');
  });
  process.stdin.once('error', () => undefined);
  process.stdin.resume();
  // The pipe alone must not keep a process alive that has nothing left to do.
  const pipe: { unref?: () => void } = process.stdin;
  pipe.unref?.();
}

// A worker thread loads this too, and its standard input is not the pipe.
if (process.env.MEDLOOM_PARENT_PIPE && isMainThread) endWithParent();
