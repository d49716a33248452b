import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Runs Slither over the contracts, where it is installed (as `slither` on PATH, or as a module of Python). The compiler is the npm
 * package `solc`, which the tests use too. What Slither finds and is right as it is stands in `slither.json` with its reason.
 */
const root = fileURLToPath(new URL('../..', import.meta.url));
const run = (command: string, args: string[], env: Record<string, string> = {}) =>
  spawnSync(command, args, { cwd: root, encoding: 'utf8', env: { ...process.env, ...env } });

const ways = [
  { command: 'slither', before: [] },
  { command: 'python3', before: ['-m', 'slither'] },
];
const way = ways.find(({ command, before }) => run(command, [...before, '--version']).status === 0);
if (!way) {
  console.log('skipped: no slither');
  process.exit(0);
}

const folder = mkdtempSync(join(tmpdir(), 'medloom-slither-'));
try {
  const compiler = join(folder, 'solc');
  const solc = createRequire(import.meta.url).resolve('solc/solc.js');
  const { version } = JSON.parse(readFileSync(createRequire(import.meta.url).resolve('solc/package.json'), 'utf8'));
  // Slither asks a compiler for its version as the native one says it.
  writeFileSync(
    compiler,
    `#!/bin/sh\ncase "$*" in *--version*) echo "Version: ${version}+commit.00000000"; exit 0;; esac\n` +
      `exec ${process.execPath} ${solc} --standard-json --base-path ${root} --include-path ${join(root, 'node_modules')}\n`,
  );
  chmodSync(compiler, 0o755);
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries(
      ['IERC5192', 'IPrescriptionToken', 'PrescriptionToken'].map((name) => {
        const file = join(root, 'contracts', 'src', `${name}.sol`);
        return [relative(root, file), { content: readFileSync(file, 'utf8') }];
      }),
    ),
    settings: {
      optimizer: { enabled: true, runs: 10_000 },
      evmVersion: 'cancun',
      outputSelection: { '*': { '': ['ast'], '*': ['abi', 'metadata', 'evm.bytecode', 'evm.deployedBytecode'] } },
    },
  };
  const inputFile = join(folder, 'input.json');
  writeFileSync(inputFile, JSON.stringify(input));
  const args = [inputFile, '--compile-force-framework', 'solc-json', '--solc', compiler];
  const settings = ['--config-file', 'contracts/slither/slither.json'];
  const { status, stdout, stderr } = run(way.command, [...way.before, ...args, ...settings]);
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  console.log(status === 0 ? 'slither: nothing found that is not explained' : 'slither: see above');
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true });
}
