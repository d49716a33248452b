import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type LedgerProfile, readLedgerProfile } from '#server/gateways/ledger/profile.ts';
import { readChannels } from './addedChannels.ts';
import { compileChaincode } from './build.ts';
import type { ShardedKind } from './channels.ts';
import { reachLedger } from './existingLedger.ts';
import { devnetOf } from './fabric/plan.ts';
import { requireFabric } from './fabric/programs.ts';
import { packageIdsOf } from './fabric/startFabric.ts';
import { keepChoice, type LedgerKind } from './ledgerChoice.ts';
import { chaincodeEnv, keepChaincode, keepComposed, keepDevnet, keepFabric } from './ledgerServices.ts';
import type { NetworkOptions } from './network.ts';
import { areFree, findFreePorts } from './ports.ts';
import { assignPorts, connectorProfile, ledgerPlan, ledgerPortCount, portalProfile } from './profiles.ts';
import { openRegistrars } from './registrars.ts';
import { writePrivateJson } from './runFile.ts';
import type { Secrets } from './secrets.ts';
import { type Host, together } from './services.ts';
import type { Progress } from './step.ts';

/** Files that say how to reach the ledger. */
export interface LedgerFiles {
  ledger: string;
  connector: string;
}

/** Starts the ledger that was chosen, or reaches the one that is named; resolves to the files that say how. */
export async function startLedger(
  host: Host,
  options: NetworkOptions,
  progress: Progress,
  secrets: Secrets,
): Promise<LedgerFiles> {
  const { ledger: choice = 'devnet' } = options;
  if (typeof choice === 'object') return reachExisting(host, choice, progress);
  const files = await startOwn(host, choice, options, progress, secrets);
  const { channels } = readLedgerProfile(files.ledger);
  await progress.step('Channel map', async (note) =>
    note(`version ${await publishChannels(files.connector, channels)}`),
  );
  return files;
}

/** A network that others run: nothing of it is started. Where its regulator is served here, the channel map is seen to. */
async function reachExisting(host: Host, choice: { profile: string }, progress: Progress): Promise<LedgerFiles> {
  const { CONNECTOR_PROFILE } = host.env;
  return progress.step('Ledger of its own', async (note) => {
    const { files, profile, connector } = await reachLedger(choice.profile, CONNECTOR_PROFILE);
    await keepChoice(host.state, choice);
    note(`${profile.channels.length} channels`);
    if (connector.organisations.RegulatorMSP?.registrar) await publishChannels(files.connector, profile.channels);
    return files;
  });
}

/** Chaincode processes and a ledger in `<state>/ledger`. */
async function startOwn(
  host: Host,
  kind: LedgerKind,
  options: NetworkOptions,
  progress: Progress,
  secrets: Secrets,
): Promise<LedgerFiles> {
  const { state, signal } = host;
  const programs = kind === 'devnet' ? undefined : requireFabric(host.env);
  await keepChoice(state, kind);
  const organisationsDir = state.path('organisations');
  for (const name of ['ledger', 'connector']) mkdirSync(state.path(name), { recursive: true, mode: 0o700 });
  const files = { ledger: state.path('ledger', 'profile.json'), connector: state.path('connector', 'profile.json') };
  const ports = assignPorts(programs ? await keepPorts(state.path('ledger', 'ports.json')) : await freePorts());
  const folder = state.path('ledger', kind);
  const channels = readChannels(state.path('ledger', 'channels.json'));
  const plan = await ledgerPlan({
    ...{ organisationsDir, ports, channels, stateDir: folder },
    batchTimeoutMs: options.batchTimeoutMs,
  });

  await progress.step('Chaincode compiled', async (note) => {
    if (!(await compileChaincode({ logFile: state.path('logs', 'build-chaincode.log'), signal }))) note('unchanged');
  });
  const ids = programs ? packageIdsOf(plan.channels) : {};
  const chaincodes = [...ports].map(([mspId, own]) => ({
    name: `chaincode ${mspId}`,
    env: chaincodeEnv(mspId, own, ids[mspId]),
  }));
  if (kind !== 'compose')
    await progress.step('Chaincode processes', () =>
      together(
        host,
        chaincodes.map((chaincode) => keepChaincode(host, chaincode)),
      ),
    );

  const gateways = new Map<string, string>([...ports].map(([mspId, { gateway }]) => [mspId, `127.0.0.1:${gateway}`]));
  const count = `${plan.channels.length} channels`;
  if (programs) {
    const label = kind === 'compose' ? 'Hyperledger Fabric in containers' : 'Hyperledger Fabric';
    const fabric = await progress.step(`${label}, ${count}`, (note) =>
      kind === 'compose'
        ? keepComposed(host, plan, chaincodes, { programs, note })
        : keepFabric(host, plan, { programs, note }),
    );
    for (const [mspId, { address }] of Object.entries(fabric.gateways)) gateways.set(mspId, address);
  } else {
    const configFile = state.path('ledger', 'devnet.json');
    writePrivateJson(configFile, devnetOf(plan));
    await progress.step(`Fabric devnet, ${count}`, () => keepDevnet(host, configFile, join(folder, 'channels')));
  }
  const ledger = kind === 'devnet' ? 'devnet' : 'fabric';
  writePrivateJson(files.ledger, portalProfile(ledger, organisationsDir, gateways, channels));
  writePrivateJson(files.connector, connectorProfile(files.ledger, organisationsDir, secrets));
  return files;
}

/** Puts the channels in force for new patients and products where they are not yet; answers the version of the map. */
async function publishChannels(connectorProfileFile: string, channels: LedgerProfile['channels']): Promise<number> {
  const registrars = openRegistrars(connectorProfileFile);
  const namesOf = (kind: ShardedKind) => channels.filter((channel) => channel.kind === kind).map(({ name }) => name);
  try {
    return await registrars.publish({ care: namesOf('care'), supply: namesOf('supply') });
  } finally {
    registrars.close();
  }
}

function freePorts(): Promise<number[]> {
  return findFreePorts(ledgerPortCount);
}

/** The ports of the last time, which packages of chaincode name, unless another program has taken one of them since. */
async function keepPorts(file: string): Promise<number[]> {
  const kept = readPorts(file);
  if (kept !== undefined && (await areFree(kept))) return kept;
  const fresh = await freePorts();
  writePrivateJson(file, fresh);
  return fresh;
}

/** The ports that were kept for a ledger on Fabric; undefined where there are none, or not as many as are needed. */
export function readPorts(file: string): number[] | undefined {
  if (!existsSync(file)) return undefined;
  const kept = z.array(z.int().positive()).safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  return kept?.length === ledgerPortCount ? kept : undefined;
}
