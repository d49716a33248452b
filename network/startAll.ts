import { z } from 'zod';
import { readProfile } from '#connector/profile.ts';
import { DamagedDeployment, type Deployment, deployContracts } from '#contracts/deploy/deploy.ts';
import type { Unappointed } from '#contracts/deploy/institutions.ts';
import { migrate } from '#server/gateways/db/migrate.ts';
import { servesAdjudicator, startAdjudicator } from './adjudicator.ts';
import { buildPortal } from './build.ts';
import type { Software } from './demonstration/software.ts';
import { fhirFiles, startFhir } from './fhir.ts';
import { fundAccounts } from './funding.ts';
import type { NetworkOptions } from './network.ts';
import { createOrganisations } from './organisations/createOrganisations.ts';
import { accountFaults, fillPurses, handToPeople, openPayments } from './payments.ts';
import { findFreePorts, requireFreePort } from './ports.ts';
import { type RunFile, runPeople, writePrivateJson } from './runFile.ts';
import { addressOf, ensureSecrets, type Secrets } from './secrets.ts';
import { startNode } from './service.ts';
import * as services from './services.ts';
import { startLedger } from './startLedger.ts';
import { adviceFor, type Progress, putBack, StepError } from './step.ts';
import { planTelemetry, servesTelemetry, startMonitor, startTelemetry } from './telemetry.ts';

/** Starts everything, side by side where nothing waits for another. Times of the run file are left to the caller. */
export async function startAll(host: services.Host, options: NetworkOptions, progress: Progress): Promise<RunFile> {
  const { state, signal, env } = host;
  const { dev = false, portal = true } = options;
  if (portal && options.port !== 0) await requireFreePort(options.port);
  const [freePort = 0] = await findFreePorts(1);
  const port = options.port || freePort;
  const origin = `http://localhost:${port}`;

  const secrets = await progress.step('Organisations and secrets', async () => {
    await createOrganisations(state.path('organisations'));
    return ensureSecrets(state.path('secrets'));
  });

  const backend = async () => {
    const parts = [
      startLedger(host, options, progress, secrets),
      progress.step('IPFS', () => services.keepIpfs(host, options.ipfs)),
      startEthereum(host, progress, secrets),
      progress.step('PostgreSQL', () => startDatabase(host, env.DATABASE_URL)),
    ] as const;
    const [profiles, ipfs, ethereum, database] = await services.together(host, parts);
    const connector = await progress.step('Connector and notaries', async () => {
      const notaryEnv = {
        CONNECTOR_PROFILE: profiles.connector,
        NOTARY_TOKEN: secrets.notaryToken,
        PRESCRIPTION_TOKEN_ADDRESS: ethereum.deployment.prescriptionToken,
      };
      const notaries = await services.keepNotaries(host, notariesOf(profiles.connector), {
        ...notaryEnv,
        ETHEREUM_CHAIN_ID: String(ethereum.deployment.chainId),
      });
      return services.keepConnector(host, {
        ...notaryEnv,
        ...paymentsOf(ethereum.deployment),
        CONNECTOR_NOTARIES: JSON.stringify(notaries),
        CONNECTOR_TOKEN: secrets.connectorToken,
        ETHEREUM_RPC_URL: ethereum.rpcUrl,
      });
    });
    const telemetry = await planTelemetry(state, secrets);
    const settings = {
      MEDLOOM_MODE: 'demonstration',
      MEDLOOM_URL: origin,
      NEXTAUTH_URL: origin,
      NEXTAUTH_SECRET: secrets.sessionSecret,
      DATABASE_URL: database,
      LEDGER_PROFILE: profiles.ledger,
      IPFS_API_URL: ipfs,
      ETHEREUM_RPC_URL: ethereum.rpcUrl,
      PRESCRIPTION_TOKEN_ADDRESS: ethereum.deployment.prescriptionToken,
      ...paymentsOf(ethereum.deployment),
      // Of the demonstration's plans.
      SETTLEMENT_CURRENCY: env.SETTLEMENT_CURRENCY ?? 'EUR',
      SETTLEMENT_FROM_BLOCK: env.SETTLEMENT_FROM_BLOCK ?? '0',
      // The embedded chain makes a block for each transaction and takes none back.
      SETTLEMENT_CONFIRMATIONS: env.SETTLEMENT_CONFIRMATIONS ?? (env.ETHEREUM_RPC_URL ? '12' : '0'),
      ETHEREUM_SUBMITTER_KEY: secrets.submitterKey,
      CONNECTOR_URL: connector,
      CONNECTOR_TOKEN: secrets.connectorToken,
      PERSONAL_DATA_KEY: secrets.personalDataKey,
      ...(servesTelemetry(profiles.connector) && {
        TELEMETRY_HEALTH_URL: telemetry.health,
        TELEMETRY_MQTT_URL: telemetry.mqtt,
        TELEMETRY_HTTPS_URL: telemetry.https,
        TELEMETRY_CA_FILE: telemetry.caFile,
      }),
      // Short, so that nobody who tries it out waits for a token; a portal that is deployed gathers for a minute.
      RELAY_INTERVAL_MS: env.RELAY_INTERVAL_MS ?? '1000',
      LOG_LEVEL: env.LOG_LEVEL ?? 'info',
    };
    const judged = servesAdjudicator(profiles.connector)
      ? await progress.step('Adjudicator', () =>
          startAdjudicator(host, { secrets, connectorProfile: profiles.connector, settings }),
        )
      : {};
    const portalEnv = { ...settings, ...judged };
    return { profiles, ipfs, ethereum, database, connector, telemetry, portalEnv };
  };
  const started = backend();
  const gateway = async () => {
    const { telemetry, profiles, portalEnv: settings } = await started;
    if (!servesTelemetry(profiles.connector)) return;
    await progress.step('Telemetry gateway', () =>
      startTelemetry(host, telemetry, { secrets, connectorProfile: profiles.connector, settings }),
    );
  };
  const demonstration = async () => {
    if (options.demonstration === false) return { people: [] };
    const { profiles, portalEnv, ethereum } = await started;
    const software = { devices: secrets.softwareDevices, exampleFile: fhirFiles(state).example };
    return progress.step('Demonstration', async (note) => {
      const { purses, houses, ...shown } = await demonstrate(host, portalEnv, profiles.connector, software);
      const { rpcUrl, deployment, minterKey } = ethereum;
      const unappointed = await handToPeople({ ...ethereum, secrets }, houses);
      if (unappointed !== undefined) note(unappointedWords[unappointed]);
      if (minterKey !== undefined) await fillPurses({ rpcUrl, coin: deployment.settlementCoin, minterKey }, purses);
      return shown;
    });
  };
  const pages = async () => {
    if (!portal) return;
    if (!dev)
      await progress.step('Portal built', async (note) => {
        if (!(await buildPortal({ logFile: state.path('logs', 'build-portal.log'), signal }))) note('unchanged');
      });
    const { portalEnv } = await started;
    await progress.step('Portal', () => services.keepPortal(host, { port, dev, env: portalEnv }));
    state.noteUrl(origin);
  };
  const [back, people] = await services.together(host, [started, demonstration(), gateway(), pages()] as const);
  const fhir =
    options.demonstration === false
      ? undefined
      : await progress.step('FHIR interface', () =>
          startFhir(host, { secrets, connectorProfile: back.profiles.connector, ipfs: back.ipfs }),
        );
  const simulated = { fleet: '' };
  if (options.simulation && portal && options.demonstration !== false) {
    const { portalEnv, profiles, telemetry } = back;
    await progress.step('Simulation', async () => {
      await services.keepSimulation(host, portalEnv, profiles.connector);
      if (!servesTelemetry(profiles.connector)) return;
      await startMonitor(host, telemetry, profiles.connector);
      simulated.fleet = await services.keepFleet(host, portalEnv, profiles.connector, telemetry);
    });
  }
  return {
    ...{ startedAt: new Date().toISOString(), startSeconds: 0, rssMb: 0, mode: dev ? 'dev' : 'start' },
    stateDir: state.dir,
    urls: {
      portal: origin,
      ipfs: back.ipfs,
      ethereum: back.ethereum.rpcUrl,
      connector: back.connector,
      database: back.database,
    },
    telemetry: back.telemetry,
    ...(simulated.fleet && simulated),
    ...(fhir && { fhir }),
    ledgerProfile: back.profiles.ledger,
    connectorProfile: back.profiles.connector,
    prescriptionToken: back.ethereum.deployment.prescriptionToken,
    portalEnv: back.portalEnv,
    processes: [],
    ...people,
  };
}

/** The chain, with its contracts deployed and the accounts that send transactions funded. */
async function startEthereum(
  host: services.Host,
  progress: Progress,
  secrets: Secrets,
): Promise<Omit<Parameters<typeof handToPeople>[0], 'secrets'>> {
  const {
    ETHEREUM_RPC_URL: external,
    ETHEREUM_DEPLOYER_KEY,
    SETTLEMENT_COIN_ADDRESS,
    SETTLEMENT_FROM_BLOCK,
  } = host.env;
  const rpcUrl = await progress.step('Ethereum', () => services.keepEthereum(host, external, secrets.mnemonic));
  return progress.step('Contracts deployed', async () => {
    const deployerKey = readDeployerKey(ETHEREUM_DEPLOYER_KEY) ?? secrets.deployerKey;
    await fundAccounts(rpcUrl, deployerKey, [
      { address: addressOf(secrets.registrarKey), ether: external ? '1' : '1000' },
      { address: addressOf(secrets.submitterKey), ether: external ? '0.1' : '100' },
      { address: addressOf(secrets.adjudicatorKey), ether: external ? '0.1' : '100' },
      { address: addressOf(secrets.treasurerKey), ether: external ? '0.1' : '100' },
    ]);
    const deployed = deployContracts({
      rpcUrl,
      deployerKey,
      registrar: addressOf(secrets.registrarKey),
      notaries: secrets.notaries.map(({ key }) => addressOf(key)),
      threshold: 2,
      coin: readCoin(SETTLEMENT_COIN_ADDRESS),
      file: host.state.path('ethereum', 'deployment.json'),
    });
    const deployment = await deployed.catch((error: unknown) => {
      if (error instanceof DamagedDeployment) throw new StepError(error.message, { advice: putBack, cause: error });
      const message = error instanceof Error ? error.message : String(error);
      throw new StepError(`The contracts could not be deployed: ${message}`, {
        advice: external
          ? 'see that the chain at ETHEREUM_RPC_URL takes transactions and that the account of ETHEREUM_DEPLOYER_KEY is funded.'
          : (adviceFor(message) ?? 'start again.'),
        cause: error,
        ...(external ? {} : { logFile: host.state.path('logs', 'ethereum.log') }),
      });
    });
    // Of another coin than the test coin nobody here can make any.
    const minterKey = SETTLEMENT_COIN_ADDRESS === undefined ? deployerKey : undefined;
    await openPayments({ rpcUrl, deployment, secrets, minterKey });
    for (const fault of await accountFaults({ rpcUrl, deployment, secrets })) progress.say(`! ${fault}`);
    const gas = { fromKey: deployerKey, ether: external ? '0.05' : '10' };
    return { rpcUrl, deployment, minterKey, gas, fromBlock: readFromBlock(SETTLEMENT_FROM_BLOCK) };
  });
}

/** Why nobody of the authority was let set the assistance fund's rules. */
const unappointedWords: Record<Unappointed, string> = {
  'no-admin': 'the deployer’s key may let nobody set the assistance fund’s rules',
  'past-unknown':
    'nobody was let set the assistance fund’s rules: the Ethereum node does not tell whether it was taken away before',
};

/** Where payments are made, as portal and connector are told. */
const paymentsOf = ({ careSettlement, assistanceFund, settlementCoin }: Deployment) => ({
  CARE_SETTLEMENT_ADDRESS: careSettlement,
  ASSISTANCE_FUND_ADDRESS: assistanceFund,
  SETTLEMENT_COIN_ADDRESS: settlementCoin,
});

function readCoin(text: string | undefined): `0x${string}` | undefined {
  if (text === undefined) return undefined;
  if (/^0x[0-9a-fA-F]{40}$/.test(text)) return `0x${text.slice(2)}`;
  throw new StepError('SETTLEMENT_COIN_ADDRESS is not an address: 0x and 40 hex digits are expected.', {
    advice: 'set it to an ERC-20 contract on the chain of ETHEREUM_RPC_URL, or leave it out for a test coin.',
  });
}

function readFromBlock(text = '0'): bigint {
  if (/^\d{1,15}$/.test(text)) return BigInt(text);
  throw new StepError('SETTLEMENT_FROM_BLOCK is not a block: a whole number is expected.', {
    advice: 'set it to the number of the block before which nothing was paid, or leave it out for the chain’s first.',
  });
}

function readDeployerKey(text: string | undefined): `0x${string}` | undefined {
  if (text === undefined) return undefined;
  if (/^0x[0-9a-fA-F]{64}$/.test(text)) return `0x${text.slice(2)}`;
  throw new StepError('ETHEREUM_DEPLOYER_KEY is not a key: 0x and 64 hex digits are expected.', {
    advice: 'set it to the private key of a funded account on the chain of ETHEREUM_RPC_URL.',
  });
}

async function startDatabase(host: services.Host, external: string | undefined): Promise<string> {
  const url = await services.keepDatabase(host, external);
  await migrate(url).catch((error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    throw new StepError(`The database's tables could not be brought up to date: ${message}`, {
      cause: error,
      advice: external
        ? 'check DATABASE_URL and that its role may create tables.'
        : `where the database in ${host.state.path('database')} is damaged, ${putBack}`,
      ...(external ? {} : { logFile: host.state.path('logs', 'database.log') }),
    });
  });
  return url;
}

const demonstrated = z.object({
  ...{ people: runPeople, invitation: z.string(), purses: z.array(z.string()) },
  houses: z.array(z.object({ institution: z.string(), address: z.string() })),
});

/** Enrols the demonstration's people where that was not done before; resolves to them. */
async function demonstrate(
  host: services.Host,
  settings: Record<string, string>,
  connectorProfileFile: string,
  software: Software,
) {
  const configFile = host.state.path('connector', 'demonstration.json');
  writePrivateJson(configFile, {
    settings,
    connectorProfile: connectorProfileFile,
    file: host.state.path('demonstration.json'),
    software,
  });
  const preparation = await startNode({
    name: 'The preparation of the demonstration',
    args: ['network/demonstrate.ts', configFile],
    logFile: host.state.path('logs', 'demonstration.log'),
    advice: `start again, which goes on where this stopped. Where a file is damaged, ${putBack}`,
    ready: 'line',
    readyWithinMs: 300_000,
    signal: host.signal,
    say: host.say,
  });
  await preparation.end;
  return demonstrated.parse(preparation.announcement);
}

/** Organisations that have a notary, as the connector's profile names them. */
function notariesOf(connectorProfile: string): string[] {
  const { organisations } = readProfile(connectorProfile);
  return Object.keys(organisations).filter((mspId) => organisations[mspId]?.notary !== undefined);
}
