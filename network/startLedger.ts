import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readChannels } from './addedChannels.ts';
import { compileChaincode } from './build.ts';
import type { Channel, ShardedKind } from './channels.ts';
import { devnetOf } from './fabric/plan.ts';
import { requireFabric } from './fabric/programs.ts';
import { packageIdsOf } from './fabric/startFabric.ts';
import { keepChaincode, keepDevnet, keepFabric } from './ledgerServices.ts';
import type { NetworkOptions } from './network.ts';
import { areFree, findFreePorts } from './ports.ts';
import { assignPorts, connectorProfile, ledgerPlan, ledgerPortCount, portalProfile } from './profiles.ts';
import { openRegistrars } from './registrars.ts';
import { writePrivateJson } from './runFile.ts';
import type { Secrets } from './secrets.ts';
import { type Host, together } from './services.ts';
import { type Progress, StepError } from './step.ts';

/** Files that say how to reach the ledger. */
export interface LedgerFiles {
  ledger: string;
  connector: string;
}

/** Which ledger is started where none of one's own is named. */
export type LedgerKind = 'devnet' | 'fabric';

/** Starts chaincode processes and the ledger in `<state>/ledger`; resolves to the files that say how to reach it. */
export async function startLedger(
  host: Host,
  options: NetworkOptions,
  progress: Progress,
  secrets: Secrets,
): Promise<LedgerFiles> {
  const { state, signal } = host;
  const kind = options.ledger ?? 'devnet';
  requireSameLedger(host, kind);
  const programs = kind === 'fabric' ? requireFabric(host.env) : undefined;
  const organisationsDir = state.path('organisations');
  for (const name of ['ledger', 'connector']) mkdirSync(state.path(name), { recursive: true, mode: 0o700 });
  const files = { ledger: state.path('ledger', 'profile.json'), connector: state.path('connector', 'profile.json') };
  const ports = assignPorts(
    kind === 'fabric' ? await keepPorts(state.path('ledger', 'ports.json')) : await freePorts(),
  );
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
  const kept = [...ports].map(([mspId, own]) => keepChaincode(host, mspId, own, ids[mspId]));
  await progress.step('Chaincode processes', () => together(host, kept));

  const gateways = new Map<string, string>([...ports].map(([mspId, { gateway }]) => [mspId, `127.0.0.1:${gateway}`]));
  const count = `${plan.channels.length} channels`;
  if (programs) {
    const fabric = await progress.step(`Hyperledger Fabric, ${count}`, (note) =>
      keepFabric(host, plan, { programs, note }),
    );
    for (const [mspId, { address }] of Object.entries(fabric.gateways)) gateways.set(mspId, address);
  } else {
    const configFile = state.path('ledger', 'devnet.json');
    writePrivateJson(configFile, devnetOf(plan));
    await progress.step(`Fabric devnet, ${count}`, () => keepDevnet(host, configFile, join(folder, 'channels')));
  }
  writePrivateJson(files.ledger, portalProfile(kind, organisationsDir, gateways, channels));
  writePrivateJson(files.connector, connectorProfile(files.ledger, organisationsDir, secrets));
  await progress.step('Channel map', async (note) =>
    note(`version ${await publishChannels(files.connector, channels)}`),
  );
  return files;
}

/** Puts the channels in force for new patients and products where they are not yet; answers the version of the map. */
async function publishChannels(connectorProfileFile: string, channels: readonly Channel[]): Promise<number> {
  const registrars = openRegistrars(connectorProfileFile);
  const namesOf = (kind: ShardedKind) => channels.filter((channel) => channel.kind === kind).map(({ name }) => name);
  try {
    return await registrars.publish({ care: namesOf('care'), supply: namesOf('supply') });
  } finally {
    registrars.close();
  }
}

/** Whoever has begun on one ledger is not given another, which does not have what the database has been told of. */
function requireSameLedger({ state }: Host, kind: LedgerKind): void {
  const other = kind === 'fabric' ? 'devnet' : 'fabric';
  const begun = (ledger: LedgerKind) => existsSync(state.path('ledger', ledger));
  if (!begun(other) || begun(kind)) return;
  throw new StepError(`The ledgers of ${state.dir} are kept by another kind of node (${other}).`, {
    advice: `go on with that one, npm start -- --ledger ${other}, name another folder (--state DIR), or begin anew, which deletes everything: --fresh.`,
  });
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
