import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { z } from 'zod';

/**
 * Serves the contracts of one organisation to its peer (chaincode as a service).
 *
 * Environment: `CORE_PEER_LOCALMSPID`; `CHAINCODE_ADDRESSES`, JSON from contract name to host:port; optional
 * `CHAINCODE_TLS_KEY_FILE` and `CHAINCODE_TLS_CERT_FILE` (PEM) with `CHAINCODE_TLS_CLIENT_CA_FILE` for mutual TLS; optional
 * `CHAINCODE_PACKAGE_IDS`, JSON from contract name to the package id that a real peer expects (default `<name>:1`);
 * `MEDLOOM_PARENT_PIPE`: end when standard input closes. Prints one line of JSON when it listens.
 */

// fabric-shim reads its log level when it is loaded, so the default comes first and the contracts are loaded after it.
process.env.CORE_CHAINCODE_LOGGING_LEVEL ??= 'error';
// The shim calls a function that grpc-js has deprecated; an operator cannot do anything about it.
process.noDeprecation = true;

await import('./ledger/leanShim.ts');
await import('./ledger/batchedShim.ts');
const { RegistryContract } = await import('./registry/src/contract.ts');
const { FormularyContract } = await import('./formulary/src/contract.ts');
const { PrescriptionsContract } = await import('./prescriptions/src/contract.ts');
const { PatientsContract } = await import('./patients/src/contract.ts');
const { StandingsContract } = await import('./standings/src/contract.ts');
const { RecordsContract } = await import('./records/src/contract.ts');
const { ConsentsContract } = await import('./consents/src/contract.ts');
const { AccessContract } = await import('./access/src/contract.ts');
const { CirclesContract } = await import('./circles/src/contract.ts');
const { TelemetryContract } = await import('./telemetry/src/contract.ts');
const { AlertsContract } = await import('./alerts/src/contract.ts');
const { ReportsContract } = await import('./reports/src/contract.ts');
const { TraceContract } = await import('./trace/src/contract.ts');
const { ClaimsContract } = await import('./claims/src/contract.ts');
const { chaincodeOf } = await import('./ledger/chaincode.ts');
// The shim's own types demand TLS properties with client authorities; its code does without either.
const shim: { server(chaincode: object, options: object): { start(): Promise<void> } } = createRequire(import.meta.url)(
  'fabric-shim',
);

const names = ['registry', 'care', 'supply', 'claims'] as const;

/** Chaincodes, each with its contracts; a function of the first is called without the contract's name before it. */
const chaincodes = {
  registry: [RegistryContract, FormularyContract],
  care: [
    ...[PrescriptionsContract, PatientsContract, StandingsContract, RecordsContract, ConsentsContract, AccessContract],
    ...[CirclesContract, TelemetryContract, AlertsContract, ReportsContract],
  ],
  supply: [TraceContract, StandingsContract],
  claims: [ClaimsContract, StandingsContract],
} satisfies Record<(typeof names)[number], unknown>;

const address = z.string().regex(/^[^\s:]+:[0-9]{1,5}$/, 'must be host:port');
const jsonRecord = (value: z.ZodType<string>) =>
  z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue('must be JSON');
        return z.NEVER;
      }
    })
    .pipe(z.partialRecord(z.enum(names), value));

const environment = z
  .object({
    CORE_PEER_LOCALMSPID: z.string().min(1),
    CHAINCODE_ADDRESSES: jsonRecord(address),
    CHAINCODE_PACKAGE_IDS: jsonRecord(z.string().min(1)).optional(),
    CHAINCODE_TLS_KEY_FILE: z.string().optional(),
    CHAINCODE_TLS_CERT_FILE: z.string().optional(),
    CHAINCODE_TLS_CLIENT_CA_FILE: z.string().optional(),
    MEDLOOM_PARENT_PIPE: z.string().optional(),
  })
  .refine((env) => !env.CHAINCODE_TLS_KEY_FILE === !env.CHAINCODE_TLS_CERT_FILE, 'TLS needs both key and certificate');

/** TLS of the server, or undefined for plain text on the loopback. */
function tlsProperties(env: z.infer<typeof environment>) {
  if (!env.CHAINCODE_TLS_KEY_FILE || !env.CHAINCODE_TLS_CERT_FILE) return undefined;
  return {
    key: readFileSync(env.CHAINCODE_TLS_KEY_FILE),
    cert: readFileSync(env.CHAINCODE_TLS_CERT_FILE),
    clientCACerts: env.CHAINCODE_TLS_CLIENT_CA_FILE ? readFileSync(env.CHAINCODE_TLS_CLIENT_CA_FILE) : null,
  };
}

async function serve(): Promise<void> {
  const parsed = environment.safeParse(process.env);
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
  const env = parsed.data;
  const served: string[] = [];
  for (const name of names) {
    const at = env.CHAINCODE_ADDRESSES[name];
    if (at === undefined) continue;
    const options = {
      ccid: env.CHAINCODE_PACKAGE_IDS?.[name] ?? `${name}:1`,
      address: at,
      tlsProps: tlsProperties(env),
    };
    await startServer(name, options);
    served.push(name);
  }
  if (served.length === 0) throw new Error('CHAINCODE_ADDRESSES names no contract');
  if (env.MEDLOOM_PARENT_PIPE) endWithParent();
  process.stdout.write(`${JSON.stringify({ ready: true, contracts: served })}\n`);
}

async function startServer(
  name: keyof typeof chaincodes,
  options: { ccid: string; address: string; tlsProps: unknown },
) {
  const server = shim.server(chaincodeOf(chaincodes[name], name), options);
  try {
    await server.start();
  } catch (error) {
    throw new Error(`${name} cannot listen on ${options.address}: ${error instanceof Error ? error.message : error}`);
  }
}

/** Ends this process when its parent, which holds the other end of standard input, is gone. */
function endWithParent(): void {
  process.stdin.on('end', () => process.exit(0));
  process.stdin.on('close', () => process.exit(0));
  process.stdin.resume();
}

function fail(error: unknown): never {
  process.stderr.write(`chaincode: ${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
}

process.on('SIGTERM', () => process.exit(0));
process.on('SIGINT', () => process.exit(0));
// The shim's logger takes over uncaught exceptions and lives on; a process in an unknown state must not endorse.
process.prependListener('uncaughtException', fail);

await serve().catch(fail);
