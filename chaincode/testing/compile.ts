import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const folder = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(dirname(folder), 'node_modules');

/**
 * Compiles the chaincode, as set-up does, into a folder of its own, or with the worlds of its tests. Node cannot run decorators
 * from source.
 */
export async function compileChaincode({ testing = false } = {}): Promise<{
  folder: string;
  serveFile: string;
  remove: () => void;
}> {
  const outDir = mkdtempSync(join(tmpdir(), 'medloom-chaincode-'));
  writeFileSync(join(outDir, 'package.json'), JSON.stringify({ type: 'module' }));
  symlinkSync(modules, join(outDir, 'node_modules'));
  const compiler = join(modules, 'typescript', 'bin', 'tsc');
  const project = testing ? writeTestingProject(outDir) : folder;
  await promisify(execFile)(process.execPath, [compiler, '-p', project, '--outDir', outDir]);
  return {
    folder: join(outDir, 'chaincode'),
    serveFile: join(outDir, 'chaincode', 'serve.js'),
    remove: () => rmSync(outDir, { recursive: true, force: true }),
  };
}

function writeTestingProject(outDir: string): string {
  const file = join(outDir, 'tsconfig.json');
  const compilerOptions = { noEmit: false, rootDir: dirname(folder) };
  const files = { include: [`${folder}/**/*.ts`], exclude: [`${folder}/dist`, `${folder}/**/*.test.ts`] };
  writeFileSync(file, JSON.stringify({ extends: join(folder, 'tsconfig.test.json'), compilerOptions, ...files }));
  return file;
}
