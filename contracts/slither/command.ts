import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Runs all of Slither's detectors over the contracts, where it is installed (as `slither` on PATH, or as a module of Python). The
 * compiler is the npm package `solc`, which the tests use too. What one finds and is right as it is stands in the contract, with its
 * reason above `slither-disable-next-line`; anything else ends the command with another status than 0.
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
      // It gives up where a pipe has no more yet, ends before one has taken all of its answer, and says before it that it has no SMT solver.
      'cat >"$0.input"\n' +
      `${process.execPath} ${solc} --standard-json --base-path ${root} --include-path ${join(root, 'node_modules')} <"$0.input" >"$0.json"\n` +
      `sed '/^>>> /d' "$0.json"\n`,
  );
  chmodSync(compiler, 0o755);
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries(
      readdirSync(join(root, 'contracts/src')).map((name) => {
        const file = `contracts/src/${name}`;
        return [file, { content: readFileSync(join(root, file), 'utf8') }];
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
  // The build shows the compiler's warnings.
  const args = [inputFile, '--compile-force-framework', 'solc-json', '--solc', compiler, '--solc-disable-warnings'];
  const settings = ['--config-file', 'contracts/slither/slither.json'];
  const { status, stdout, stderr } = run(way.command, [...way.before, ...args, ...settings]);
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  console.log(status === 0 ? 'slither: nothing found that is not explained' : 'slither: see above');
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true });
}
