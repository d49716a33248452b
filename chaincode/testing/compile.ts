import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const folder = dirname(dirname(fileURLToPath(import.meta.url)));

/** Compiles the chaincode, as set-up does, into a folder of its own. Node cannot run decorators from source. */
export async function compileChaincode(): Promise<{ serveFile: string; remove: () => void }> {
  const parent = join(folder, 'dist');
  mkdirSync(parent, { recursive: true });
  const outDir = mkdtempSync(join(parent, 'test-'));
  const compiler = join(dirname(folder), 'node_modules', 'typescript', 'bin', 'tsc');
  await promisify(execFile)(process.execPath, [compiler, '-p', folder, '--outDir', outDir]);
  return { serveFile: join(outDir, 'serve.js'), remove: () => rmSync(outDir, { recursive: true }) };
}
