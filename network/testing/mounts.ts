import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Why this process may not mount real disks for its tests; undefined where it may. It is printed, since tests are left out. */
export function mountRefusal(): string | undefined {
  const refusal = tryMount();
  if (refusal !== undefined) console.log(`skipped: no real disks are tried: ${refusal}`);
  return refusal;
}

function tryMount(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root on Linux mounts disks';
  const probe = mkdtempSync(join(tmpdir(), 'medloom-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', probe], { stdio: 'pipe' });
    execFileSync('umount', [probe]);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.trim() : String(error);
  } finally {
    rmSync(probe, { recursive: true, force: true });
  }
}
