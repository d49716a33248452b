import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { z } from 'zod';
import { nextProgram } from './build.ts';
import { startPostgres } from './database/postgres.ts';
import { startAnvil } from './ethereum/anvil.ts';
import { isReachable } from './ethereum/rpc.ts';
import { findKubo, startKubo } from './ipfs/kubo.ts';
import { programPlaces } from './orphans.ts';
import { findFreePorts } from './ports.ts';
import { type RunFile, writePrivateJson } from './runFile.ts';
import { type Running, startNode } from './service.ts';
import type { State } from './state.ts';
import { putBack, StepError } from './step.ts';
import { type Supervised, supervise } from './supervise.ts';

/** What starts a service and knows all that run. */
export interface Host {
  state: State;
  signal: AbortSignal;
  /** Aborts the signal. */
  giveUp: () => void;
  say: (text: string) => void;
  /** Settings such as IPFS_BIN. */
  env: Record<string, string | undefined>;
  /** In the order in which they are stopped: the lowest first. */
  services: { rank: number; service: Supervised<Running>; logFile: string }[];
  /** Told when a process came or went. */
  onChange: () => void;
}

export const rank = { portal: 0, connector: 1, ledger: 2, chaincode: 3, storage: 4 };

/** Keeps a process up. What keeps a claim beside its own state is `claimed`: the next start ends it by that (orphans.ts). */
export async function keep<R extends Running>(
  host: Host,
  name: string,
  order: number,
  start: (logFile: string) => Promise<R>,
  claimed: 'claimed' | undefined = undefined,
): Promise<Supervised<R>> {
  const logFile = logFileOf(host.state, name);
  const service = await supervise({
    name,
    logFile,
    say: host.say,
    start: () => start(logFile),
    onStart: async (running) => {
      if (!claimed) await host.state.noteChild(name, running.pid);
      host.onChange();
    },
    onEnd: (pid) => {
      host.state.forgetChild(pid);
      host.onChange();
    },
  });
  host.services.push({ rank: order, service, logFile });
  return service;
}

function logFileOf(state: State, name: string): string {
  return state.path('logs', `${name.toLowerCase().replaceAll(' ', '-')}.log`);
}

/** Like Promise.all; when one fails the others are given up and have ended before the failure is thrown. */
export async function together<T extends readonly Promise<unknown>[]>(host: Host, work: T) {
  return Promise.all(work).catch(async (error: unknown) => {
    host.giveUp();
    await Promise.allSettled(work);
    throw error;
  });
}

/**
 * The IPFS node that IPFS_API_URL names; else a Kubo where `kind` or IPFS_BIN asks for one; else the embedded node. Resolves to
 * the RPC address. Whoever has kept documents in one of the two is not given the other, which does not have them.
 */
export async function keepIpfs(host: Host, kind: 'embedded' | 'kubo' | undefined): Promise<string> {
  const { env, state } = host;
  if (env.IPFS_API_URL) {
    await requireKubo(env.IPFS_API_URL);
    return env.IPFS_API_URL;
  }
  const chosen = kind ?? (env.IPFS_BIN ? 'kubo' : 'embedded');
  const other = chosen === 'kubo' ? 'embedded' : 'kubo';
  const repos = { embedded: state.path('ipfs'), kubo: programPlaces(state.dir).kubo };
  const repo = repos[chosen];
  // What each of the two makes first in a repository of its own.
  const begun = {
    embedded: existsSync(join(repos.embedded, 'identity.json')),
    kubo: existsSync(join(repos.kubo, 'config')),
  };
  if (begun[other] && !begun[chosen])
    throw new StepError(`The documents of ${state.dir} are kept by another IPFS node (${other}), in ${repos[other]}.`, {
      advice: `go on with that one, npm start -- --ipfs ${other}, or begin anew, which deletes everything: --fresh.`,
    });
  const [port = 0] = await findFreePorts(1);
  if (chosen === 'kubo') {
    const binary = findKubo(env);
    if (!binary)
      throw new StepError('Kubo was not found.', {
        advice: 'put ipfs on PATH, set IPFS_BIN, or leave --ipfs out to use the embedded node.',
      });
    await keep<Running>(host, 'ipfs', rank.storage, (logFile) => startKubo({ repo, binary, logFile, port }), 'claimed');
  } else {
    await keep<Running>(host, 'ipfs', rank.storage, (logFile) =>
      startNode({
        name: 'The IPFS node',
        args: ['network/ipfs/main.ts', '--repo', repo, '--port', String(port)],
        logFile,
        advice: `its documents lie in ${repo}; where a file there is damaged, ${putBack}`,
        ready: 'line',
        signal: host.signal,
        say: host.say,
      }),
    );
  }
  return `http://127.0.0.1:${port}`;
}

async function requireKubo(url: string): Promise<void> {
  const cause = await fetch(new URL('/api/v0/version', url), { method: 'POST', signal: AbortSignal.timeout(5_000) })
    .then((response) => (response.ok ? undefined : `it answers with status ${response.status}`))
    .catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
  if (cause)
    throw new StepError(`No IPFS node answers at ${url} (IPFS_API_URL): ${cause}.`, {
      advice: 'start it, correct IPFS_API_URL, or unset it to use the embedded node.',
    });
}

/** Anvil with its chain in the state folder, or the chain that `url` names; resolves to the RPC address. */
export async function keepEthereum(host: Host, url: string | undefined, mnemonic: string): Promise<string> {
  if (url) {
    const answer = await isReachable(url);
    if (!answer.reachable)
      throw new StepError(`No Ethereum node answers at ${url} (ETHEREUM_RPC_URL): ${answer.cause}.`, {
        advice: 'start it, correct ETHEREUM_RPC_URL, or unset it to use the embedded chain.',
      });
    return url;
  }
  const [port] = await findFreePorts(1);
  const stateFile = programPlaces(host.state.dir).chain;
  const start = (logFile: string) =>
    startAnvil({ stateFile, logFile, mnemonic, ...(port === undefined ? {} : { port }) });
  const kept = await keep(host, 'ethereum', rank.storage, start, 'claimed');
  return kept.current()?.rpcUrl ?? `http://127.0.0.1:${port}`;
}

/** PostgreSQL with its data in the state folder, or the server that `url` names; resolves to the database's address. */
export async function keepDatabase(host: Host, url: string | undefined): Promise<string> {
  if (url) return url;
  const [port] = await findFreePorts(1);
  let address = '';
  const start = async (logFile: string) => {
    const dir = programPlaces(host.state.dir).database;
    const postgres = await startPostgres({ dir, logFile, ...(port === undefined ? {} : { port }) });
    address = postgres.url;
    return postgres;
  };
  await keep(host, 'database', rank.storage, start, 'claimed');
  return address;
}

export async function keepConnector(host: Host, env: Record<string, string>): Promise<string> {
  const [port] = await findFreePorts(1);
  await keep(host, 'connector', rank.connector, (logFile) =>
    startNode({
      name: 'The connector',
      args: ['connector/main.ts'],
      env: { ...env, CONNECTOR_PORT: String(port) },
      logFile,
      advice: 'start again; where it fails in the same way, the log says what it misses.',
      ready: 'line',
      signal: host.signal,
      say: host.say,
    }),
  );
  return `http://127.0.0.1:${port}`;
}

/** A notary for each of these organisations, by MSP, with the address at which it serves. */
export async function keepNotaries(
  host: Host,
  mspIds: readonly string[],
  env: Record<string, string>,
): Promise<Record<string, string>> {
  const ports = await findFreePorts(mspIds.length);
  const started = mspIds.map(async (mspId, at) => {
    const port = ports[at];
    await keep(host, `notary ${mspId}`, rank.connector, (logFile) =>
      startNode({
        name: `The notary of ${mspId}`,
        args: ['connector/notary/main.ts'],
        env: { ...env, NOTARY_MSP: mspId, NOTARY_PORT: String(port) },
        logFile,
        advice: 'start again; where it fails in the same way, the log says what it misses.',
        ready: 'line',
        signal: host.signal,
        say: host.say,
      }),
    );
    return [mspId, `http://127.0.0.1:${port}`] as const;
  });
  return Object.fromEntries(await together(host, started));
}

/** The telemetry gateway, which devices speak to. */
export async function keepTelemetry(host: Host, env: Record<string, string>): Promise<void> {
  await keep(host, 'telemetry', rank.portal, (logFile) =>
    startNode({
      name: 'The telemetry gateway',
      args: ['server/telemetry/gateway/main.ts'],
      env,
      logFile,
      advice: 'start again; where it fails in the same way, the log says what it misses.',
      ready: 'line',
      signal: host.signal,
      say: host.say,
    }),
  );
}

/** The connector's FHIR interface. Answers its address. */
export async function keepFhir(host: Host, env: Record<string, string>): Promise<string> {
  const [port = 0] = await findFreePorts(1);
  await keep(host, 'fhir', rank.portal, (logFile) =>
    startNode({
      name: 'The FHIR interface',
      args: ['connector/fhir/main.ts'],
      env: { ...env, FHIR_PORT: String(port) },
      logFile,
      advice: 'start again; where it fails in the same way, the log says what it misses.',
      ready: 'line',
      signal: host.signal,
      say: host.say,
    }),
  );
  return `http://localhost:${port}`;
}

/** The hospital's monitor: a process of its connector. */
export async function keepMonitor(host: Host, env: Record<string, string>): Promise<void> {
  await keep(host, 'monitor', rank.portal, (logFile) =>
    startNode({
      name: 'The monitor',
      args: ['connector/monitor/main.ts'],
      env,
      logFile,
      advice: 'start again; where it fails in the same way, the log says what it misses.',
      ready: 'line',
      signal: host.signal,
      say: host.say,
    }),
  );
}

/** The insurer's adjudicator: a process of its connector. Answers its address, and the certificate of its key. */
export async function keepAdjudicator(
  host: Host,
  env: Record<string, string>,
): Promise<{ url: string; certificatePem: string }> {
  const [port = 0] = await findFreePorts(1);
  const kept = await keep(host, 'adjudicator', rank.portal, (logFile) =>
    startNode({
      name: 'The adjudicator',
      args: ['connector/adjudicator/main.ts'],
      env: { ...env, ADJUDICATOR_PORT: String(port) },
      logFile,
      advice: 'start again; where it fails in the same way, the log says what it misses.',
      ready: 'line',
      signal: host.signal,
      say: host.say,
    }),
  );
  return adjudicatorAnnouncement.parse(kept.current()?.announcement);
}
const adjudicatorAnnouncement = z.object({ url: z.string(), certificatePem: z.string() });

export async function keepPortal(
  host: Host,
  options: { port: number; dev: boolean; env: Record<string, string> },
): Promise<void> {
  const { port, dev, env } = options;
  await keep(host, 'portal', rank.portal, (logFile) =>
    startNode({
      name: 'The portal',
      args: [nextProgram(), dev ? 'dev' : 'start', '--hostname', '127.0.0.1', '--port', String(port)],
      env: { ...env, NODE_ENV: dev ? 'development' : 'production', NEXT_TELEMETRY_DISABLED: '1' },
      logFile,
      advice: 'start again; where it fails in the same way, delete .next, which the next start builds anew.',
      ready: whole(port),
      readyWithinMs: 120_000,
      signal: host.signal,
      say: host.say,
    }),
  );
}

/** The simulated supply chain. It is ready at once and tells its history in the background. */
export async function keepSimulation(
  host: Host,
  settings: Record<string, string>,
  connectorProfile: string,
): Promise<void> {
  const { state } = host;
  const configFile = state.path('connector', 'simulation.json');
  const logFile = state.path('logs', 'simulation-office.log');
  writePrivateJson(configFile, { settings, connectorProfile, file: state.path('simulation.json'), logFile });
  await keep(host, 'simulation', rank.portal, (ownLog) =>
    startNode({
      name: 'The simulation',
      args: ['network/simulation/main.ts', configFile],
      logFile: ownLog,
      advice: 'start again, or without it: --no-simulation.',
      ready: 'line',
      signal: host.signal,
      say: host.say,
    }),
  );
}

/** The simulated devices of the demonstration. Answers where they take commands. */
export async function keepFleet(
  host: Host,
  settings: Record<string, string>,
  connectorProfile: string,
  telemetry: RunFile['telemetry'],
): Promise<string> {
  const { state } = host;
  const configFile = state.path('connector', 'devices.json');
  const logFile = state.path('logs', 'devices-office.log');
  const [controlPort = 0] = await findFreePorts(1);
  const { mqtt, https, caFile, monitor } = telemetry;
  const gateway = { mqtt, https, ca: readFileSync(caFile, 'utf8') };
  writePrivateJson(configFile, {
    ...{ settings, connectorProfile, folder: state.path('devices'), gateway, monitor, logFile, controlPort },
  });
  await keep(host, 'devices', rank.portal, (ownLog) =>
    startNode({
      name: 'The devices',
      args: ['network/devices/main.ts', configFile],
      logFile: ownLog,
      advice: 'start again, or without them: --no-simulation.',
      ready: 'line',
      signal: host.signal,
      say: host.say,
    }),
  );
  return `http://127.0.0.1:${controlPort}`;
}

const wholeWithinMs = 10_000;

/** Whether the portal and all that it stands on answer; after a while also a portal some part of which is down, since it serves. */
function whole(port: number): () => Promise<boolean> {
  const patientUntil = Date.now() + wholeWithinMs;
  return async () => {
    const request = get({ host: '127.0.0.1', port, path: '/api/health', timeout: 5_000, agent: false });
    const [response]: IncomingMessage[] = await once(request, 'response');
    response?.resume();
    return response?.statusCode === 200 || (response?.statusCode === 503 && Date.now() > patientUntil);
  };
}

/** Stops everything, those that use others first. What could not be stopped well is said, and the rest goes on. */
export async function stopServices(host: Host): Promise<void> {
  for (const order of [...new Set(host.services.map((entry) => entry.rank))].sort((a, b) => a - b)) {
    const group = host.services.filter((entry) => entry.rank === order);
    const outcomes = await Promise.allSettled(group.map(({ service }) => service.stop()));
    for (const outcome of outcomes) if (outcome.status === 'rejected') host.say(`! ${String(outcome.reason)}`);
  }
}
