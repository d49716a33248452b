import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const folder = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(dirname(folder), 'node_modules');

/** Compiles the chaincode, as set-up does, into a folder of its own. Node cannot run decorators from source. */
export async function compileChaincode(): Promise<{ serveFile: string; remove: () => void }> {
  const outDir = mkdtempSync(join(tmpdir(), 'medloom-chaincode-'));
  writeFileSync(join(outDir, 'package.json'), JSON.stringify({ type: 'module' }));
  symlinkSync(modules, join(outDir, 'node_modules'));
  const compiler = join(modules, 'typescript', 'bin', 'tsc');
  await promisify(execFile)(process.execPath, [compiler, '-p', folder, '--outDir', outDir]);
  return {
    serveFile: join(outDir, 'chaincode', 'serve.js'),
    remove: () => rmSync(outDir, { recursive: true, force: true }),
  };
}
