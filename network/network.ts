import { mkdirSync, renameSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { deployContracts } from '#contracts/deploy/deploy.ts';
import { migrate } from '#server/gateways/db/migrate.ts';
import { buildPortal, compileChaincode } from './build.ts';
import { fundAccounts } from './funding.ts';
import { createOrganisations } from './organisations/createOrganisations.ts';
import { findFreePorts, requireFreePort } from './ports.ts';
import { memoryMb } from './processInfo.ts';
import { assignPorts, connectorProfile, devnetConfig, devnetProfile, ledgerPortCount } from './profiles.ts';
import { addressOf, ensureSecrets, type Secrets } from './secrets.ts';
import * as services from './services.ts';
import { openState, type State } from './state.ts';
import { type Progress, StepError, silentProgress } from './step.ts';

export interface NetworkOptions {
  /** Where everything is kept. */
  stateDir: string;
  /** Port of the portal; 0 takes a free one. */
  port: number;
  /** Delete what the state folder holds before starting. */
  fresh?: boolean;
  /** Run the portal with hot reload instead of its build. */
  dev?: boolean;
  /** False starts everything but the portal. */
  portal?: boolean;
  /** False leaves the network empty, without the demonstration's people. */
  demonstration?: boolean;
  /** How long the devnet waits for more transactions before it makes a block. */
  batchTimeoutMs?: number;
  progress?: Progress;
  /** Ends the start. A network that is up is ended by `stop`. */
  signal?: AbortSignal;
  /** Settings such as ETHEREUM_RPC_URL, IPFS_API_URL and DATABASE_URL, which take the place of embedded nodes. */
  env?: Record<string, string | undefined>;
}

/** What `<state>/run.json` says while a network is up; for tests and benchmarks. Holds secrets: readable by its owner only. */
export interface RunFile {
  startedAt: string;
  startSeconds: number;
  /** Memory of all processes when the start had ended, in MB. */
  rssMb: number;
  mode: 'start' | 'dev';
  stateDir: string;
  urls: { portal: string; ipfs: string; ethereum: string; connector: string; database: string };
  ledgerProfile: string;
  connectorProfile: string;
  prescriptionToken: string;
  /** The settings that the portal was started with. */
  portalEnv: Record<string, string>;
  processes: { name: string; pid: number; logFile: string }[];
}

export interface Network {
  run: RunFile;
  /** Memory of all processes now, in MB. */
  rssMb(): Promise<number>;
  /** Ends everything in order and gives the state folder free. */
  stop(): Promise<void>;
}

/** Starts every ledger, the connector and the portal on 127.0.0.1. Throws a StepError, with everything ended again. */
export async function startNetwork(options: NetworkOptions): Promise<Network> {
  const { progress = silentProgress, signal } = options;
  const started = Date.now();
  const abort = new AbortController();
  const giveUp = () => abort.abort(signal?.reason ?? new Error('The start was given up.'));
  signal?.addEventListener('abort', giveUp, { once: true });
  const state = await openState(options.stateDir, { ...(options.fresh ? { fresh: true } : {}) });
  const host: services.Host = { state, signal: abort.signal, giveUp, say: progress.say, services: [] };
  const stop = async () => {
    abort.abort();
    await services.stopServices(host);
    state.release();
  };
  try {
    signal?.throwIfAborted();
    const run = await startAll(host, options, progress);
    run.startSeconds = Math.round((Date.now() - started) / 100) / 10;
    const rssMb = () => memoryMb([process.pid, ...processesOf(host).map(({ pid }) => pid)]);
    run.rssMb = await rssMb();
    writeRunFile(state, run);
    return { run, rssMb, stop };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    signal?.removeEventListener('abort', giveUp);
  }
}

async function startAll(host: services.Host, options: NetworkOptions, progress: Progress): Promise<RunFile> {
  const { state, signal } = host;
  const { dev = false, portal = true, env = process.env } = options;
  if (options.port !== 0) await requireFreePort(options.port);
  const [portalPort = 0, ...ledgerPorts] = await findFreePorts(ledgerPortCount + 1);
  const port = options.port || portalPort;
  const ports = assignPorts(ledgerPorts);
  const origin = `http://localhost:${port}`;
  const organisationsDir = state.path('organisations');
  const build = (name: string) => ({ logFile: state.path('logs', `${name}.log`), signal });

  const secrets = await progress.step('Organisations and secrets', async () => {
    await createOrganisations(organisationsDir);
    return ensureSecrets(state.path('secrets'));
  });
  for (const name of ['ledger', 'connector']) mkdirSync(state.path(name), { recursive: true, mode: 0o700 });
  const files = {
    devnet: state.path('ledger', 'devnet.json'),
    ledgerProfile: state.path('ledger', 'profile.json'),
    connectorProfile: state.path('connector', 'profile.json'),
  };
  const config = await devnetConfig({
    stateDir: state.path('ledger', 'devnet'),
    organisationsDir,
    ports,
    batchTimeoutMs: options.batchTimeoutMs,
  });
  services.writePrivateJson(files.devnet, config);
  services.writePrivateJson(files.ledgerProfile, devnetProfile(organisationsDir, ports));
  services.writePrivateJson(files.connectorProfile, connectorProfile(files.ledgerProfile, organisationsDir, secrets));

  const ledger = async () => {
    await progress.step('Chaincode compiled', async (note) => {
      if (!(await compileChaincode(build('build-chaincode')))) note('unchanged');
    });
    await progress.step('Chaincode processes', () =>
      Promise.all([...ports].map(([mspId, own]) => services.keepChaincode(host, mspId, own))),
    );
    await progress.step(`Fabric devnet, ${config.channels.length} channels`, () =>
      services.keepDevnet(host, files.devnet),
    );
  };
  const work = [
    ledger(),
    progress.step('IPFS', () => services.keepIpfs(host, env.IPFS_API_URL)),
    startEthereum(host, progress, secrets, env),
    progress.step('PostgreSQL', async () => {
      const url = await services.keepDatabase(host, env.DATABASE_URL);
      await migrate(url).catch((error: unknown) => explainDatabase(error, env.DATABASE_URL !== undefined));
      return url;
    }),
    portal && !dev
      ? progress.step('Portal built', async (note) => {
          if (!(await buildPortal(build('build-portal')))) note('unchanged');
        })
      : undefined,
  ] as const;
  const [, ipfs, ethereum, database] = await Promise.all(work).catch(async (error: unknown) => {
    // The others must have ended before what they started can be stopped.
    host.giveUp();
    await Promise.allSettled(work);
    throw error;
  });

  const connector = await progress.step('Connector', () =>
    services.keepConnector(host, {
      CONNECTOR_PROFILE: files.connectorProfile,
      CONNECTOR_TOKEN: secrets.connectorToken,
      ETHEREUM_RPC_URL: ethereum.rpcUrl,
      PRESCRIPTION_TOKEN_ADDRESS: ethereum.prescriptionToken,
    }),
  );
  const portalEnv = {
    MEDLOOM_MODE: 'demonstration',
    MEDLOOM_URL: origin,
    NEXTAUTH_URL: origin,
    NEXTAUTH_SECRET: secrets.sessionSecret,
    DATABASE_URL: database,
    LEDGER_PROFILE: files.ledgerProfile,
    IPFS_API_URL: ipfs,
    ETHEREUM_RPC_URL: ethereum.rpcUrl,
    PRESCRIPTION_TOKEN_ADDRESS: ethereum.prescriptionToken,
    ETHEREUM_SUBMITTER_KEY: secrets.submitterKey,
    CONNECTOR_URL: connector,
    CONNECTOR_TOKEN: secrets.connectorToken,
    PERSONAL_DATA_KEY: secrets.personalDataKey,
    LOG_LEVEL: env.LOG_LEVEL ?? 'info',
  };
  if (portal) {
    await progress.step('Portal', () => services.keepPortal(host, { port, dev, env: portalEnv }));
    state.noteUrl(origin);
  }
  return {
    startedAt: new Date().toISOString(),
    startSeconds: 0,
    rssMb: 0,
    mode: dev ? 'dev' : 'start',
    stateDir: state.dir,
    urls: { portal: origin, ipfs, ethereum: ethereum.rpcUrl, connector, database },
    ledgerProfile: files.ledgerProfile,
    connectorProfile: files.connectorProfile,
    prescriptionToken: ethereum.prescriptionToken,
    portalEnv,
    processes: processesOf(host),
  };
}

/** The chain, with its contracts deployed and the accounts that send transactions funded. */
async function startEthereum(
  host: services.Host,
  progress: Progress,
  secrets: Secrets,
  env: Record<string, string | undefined>,
): Promise<{ rpcUrl: string; prescriptionToken: string }> {
  const external = env.ETHEREUM_RPC_URL;
  const rpcUrl = await progress.step('Ethereum', () => services.keepEthereum(host, external, secrets.mnemonic));
  return progress.step('Contracts deployed', async () => {
    const deployerKey = deployerKeyFrom(env.ETHEREUM_DEPLOYER_KEY) ?? secrets.deployerKey;
    await fundAccounts(rpcUrl, deployerKey, [
      { address: addressOf(secrets.registrarKey), ether: external ? '1' : '1000' },
      { address: addressOf(secrets.submitterKey), ether: external ? '0.1' : '100' },
    ]);
    const { prescriptionToken } = await deployContracts({
      rpcUrl,
      deployerKey,
      registrar: addressOf(secrets.registrarKey),
      notaries: secrets.notaries.map(({ key }) => addressOf(key)),
      threshold: 2,
      file: host.state.path('ethereum', 'deployment.json'),
    });
    return { rpcUrl, prescriptionToken };
  });
}

function deployerKeyFrom(text: string | undefined): `0x${string}` | undefined {
  if (text === undefined) return undefined;
  if (/^0x[0-9a-fA-F]{64}$/.test(text)) return `0x${text.slice(2)}`;
  throw new StepError('ETHEREUM_DEPLOYER_KEY is not a key: 0x and 64 hex digits are expected.');
}

function explainDatabase(error: unknown, external: boolean): never {
  const message = error instanceof Error ? error.message : String(error);
  throw new StepError(`The database's tables could not be brought up to date: ${message}`, {
    cause: error,
    advice: external
      ? 'check DATABASE_URL and that its role may create tables.'
      : 'if the database is damaged, put it back from a backup, or begin anew, which deletes everything: --fresh.',
  });
}

function processesOf(host: services.Host): RunFile['processes'] {
  return host.services.flatMap(({ service, logFile }) => {
    const pid = service.current()?.pid;
    return pid === undefined ? [] : [{ name: service.name, pid, logFile }];
  });
}

function writeRunFile(state: State, run: RunFile): void {
  const file = state.path('run.json');
  services.writePrivateJson(`${file}.new`, run);
  renameSync(`${file}.new`, file);
}

/** Where the state lies unless told otherwise. */
export const defaultStateDir = fileURLToPath(new URL('../.medloom', import.meta.url));
