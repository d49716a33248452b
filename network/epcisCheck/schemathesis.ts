import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How Schemathesis (PyPI, version 4) is called here, the program first. */
export type Program = readonly [string, ...string[]];

const places: readonly Program[] = [
  ['schemathesis'],
  ['python3', '-m', 'schemathesis.cli'],
  ['python3', '-m', 'schemathesis'],
];
const isThere = ({ status, stdout }: SpawnSyncReturns<string>) => status === 0 && /version 4\./.test(stdout ?? '');

/** Where Schemathesis is on PATH, or in Python; undefined where there is none. */
export function findSchemathesis(env: NodeJS.ProcessEnv = process.env): Program | undefined {
  return places.find(([program, ...args]) =>
    isThere(spawnSync(program, [...args, '--version'], { encoding: 'utf8', env })),
  );
}

/** What must hold of every answer: none is a fault of the server, and each is as the description says. */
const checks = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
];

/** Headers by which a client says what it understands; drawn by chance, nearly all requests would end at them (406). */
const understood = ['EPCIS', 'CBV'].flatMap((name) => ['Version', 'Min', 'Max'].map((what) => `GS1-${name}-${what}`));

/** The token comes from the environment, so that no list of processes shows it. */
const configuration = [
  `headers = { Authorization = "Bearer \${EPCIS_TOKEN}" }`,
  '[parameters]',
  ...understood.map((name) => `"header.${name}" = "2.0.0"`),
  '"header.GS1-EPC-Format" = "No_Preference"',
  // Subscriptions are not offered, and their 501 says so.
  '[checks.not_a_server_error]',
  'expected-statuses = ["2xx", "3xx", "4xx", "501"]',
  '',
].join('\n');

export interface Fuzzing {
  /** Of the OpenAPI description. */
  url: string;
  token: string;
  /** Examples for each operation, and seconds for all of it, at most. */
  examples: number;
  seconds: number;
  seed?: string;
}

/** Has Schemathesis try every operation that the description names, with good input and bad; its exit code. */
export async function fuzz([program, ...before]: Program, fuzzing: Fuzzing): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'medloom-epcis-'));
  try {
    const config = join(folder, 'schemathesis.toml');
    writeFileSync(config, configuration);
    const { url, token, examples, seconds, seed } = fuzzing;
    const args = [
      ...['--config-file', config, 'run', url, '--checks', checks.join(), '--phases', 'examples,coverage,fuzzing'],
      ...[
        '--max-examples',
        String(examples),
        '--max-time',
        String(seconds),
        '--request-timeout',
        '30',
        '--wait-for-schema',
        '60',
      ],
      // A token has 1,200 requests a minute.
      ...['--rate-limit', '15/s', '--workers', '1', '--continue-on-failure', '--no-color'],
      ...['--generation-database', ':memory:', '--generation-with-security-parameters', 'false'],
      ...(seed === undefined ? [] : ['--seed', seed]),
    ];
    const env = { ...process.env, EPCIS_TOKEN: token };
    const child = spawn(program, [...before, ...args], { stdio: 'inherit', env, cwd: folder });
    const [code] = await once(child, 'exit');
    return typeof code === 'number' ? code : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
