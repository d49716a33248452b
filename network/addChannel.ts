import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ConnectorError } from '#connector/errors.ts';
import { openLedger } from '#server/gateways/ledger/ledger.ts';
import { type LedgerProfile, readLedgerProfile } from '#server/gateways/ledger/profile.ts';
import { noteChannel, readChannels, type ShardName, shardNameOf, shardOf } from './addedChannels.ts';
import { type Channel, type ShardedKind, shardedKinds } from './channels.ts';
import { type Grow, growthOf } from './growLedger.ts';
import { replaceFile } from './processes/replaceFile.ts';
import { openRegistrars, type Registrars } from './registrars.ts';
import { type RunFile, readRunFile } from './runFile.ts';
import { type Progress, StepError } from './step.ts';
import { takeTurn } from './turn.ts';

const answersWithinMs = 60_000;

/** A channel that is in force for new patients or products. */
export interface Addition {
  name: ShardName;
  /** Version of the channel map that is in force. */
  mapVersion: number;
  /** Whether nothing had to be done. */
  unchanged: boolean;
}

/** What the command line asks for: the next channel of a kind, or one by its name. Throws a StepError. */
export function wantedChannel(text: string | undefined): ShardedKind | ShardName {
  const wanted = shardedKinds.find((kind) => kind === text) ?? shardNameOf(text ?? '');
  if (wanted !== undefined) return wanted;
  throw new StepError(text === undefined ? 'No channel was named.' : `${text} is no channel that can be added.`, {
    advice: 'name a kind, care or supply, or a channel by its number, for example care-4.',
  });
}

/**
 * Adds a channel to the network that runs on a state folder: the chain with its contracts, its entry in the ledger profile,
 * and the next version of the channel map. Of several calls one works at a time. Each step does nothing where it was done, and
 * the channel's name is noted first: called again after a kill, for the same kind or name, or by the next start of the network, what was
 * begun is finished before anything new is added. Throws a StepError.
 */
export async function addChannel(options: {
  stateDir: string;
  wanted: ShardedKind | ShardName;
  progress: Progress;
  signal: AbortSignal;
}): Promise<Addition> {
  const { stateDir, wanted, progress, signal } = options;
  const runFile = join(stateDir, 'run.json');
  const notUp = {
    advice: 'start it and keep it running: npm start. Where it runs elsewhere, name its folder: --state DIR.',
  };
  if (!existsSync(runFile)) throw new StepError(`No network runs on ${stateDir}.`, notUp);
  const run = readRunFile(runFile);
  const grow = growthOf(stateDir);
  const file = join(stateDir, 'ledger', 'channels.json');
  const endTurn = await takeTurn(join(stateDir, 'ledger', 'channels.turn'), signal);
  const registrars = openRegistrars(run.connectorProfile);
  try {
    const known = readChannels(file);
    const map = await registrars.channelMap().catch((cause: unknown) => {
      if (!(cause instanceof ConnectorError && cause.code === 'LEDGER_UNAVAILABLE')) throw cause;
      throw new StepError(`The ledger of ${stateDir} does not answer.`, { ...notUp, cause });
    });
    const inForce = new Set([...(map?.care ?? []), ...(map?.supply ?? [])]);
    const name = chooseName(known, inForce, wanted);
    if (!known.some((channel) => channel.name === name)) await noteChannel(file, name);
    else if (!inForce.has(name)) progress.say(`  ${name} was begun before and is finished now.`);
    const channel = known.find((one) => one.name === name) ?? shardOf(name);
    return await deploy({ run, grow, channel, name, inForce, registrars, progress, signal });
  } finally {
    registrars.close();
    endTurn();
  }
}

/** A named channel as it is; of a kind the one that was begun and is not in force, else the next number. */
function chooseName(
  known: readonly Channel[],
  inForce: ReadonlySet<string>,
  wanted: ShardedKind | ShardName,
): ShardName {
  const kind = shardedKinds.find((one) => one === wanted);
  if (kind === undefined) return shardNameOf(wanted) ?? fail(wanted);
  const names = known.filter((channel) => channel.kind === kind).map(({ name }) => name);
  const begun = names.find((name) => !inForce.has(name));
  if (begun !== undefined) return shardNameOf(begun) ?? fail(begun);
  const numbers = [...names, ...inForce]
    .filter((name) => name.startsWith(`${kind}-`))
    .map((name) => name.slice(kind.length + 1));
  return shardNameOf(`${kind}-${Math.max(-1, ...numbers.map(Number)) + 1}`) ?? fail(kind);
}

function fail(name: string): never {
  throw new StepError(`There can be no channel more after ${name}.`, { advice: 'numbers go up to 9999.' });
}

async function deploy(work: {
  run: RunFile;
  grow: Grow;
  channel: Channel;
  name: ShardName;
  inForce: ReadonlySet<string>;
  registrars: Registrars;
  progress: Progress;
  signal: AbortSignal;
}): Promise<Addition> {
  const { run, grow, channel, name, inForce, registrars, progress, signal } = work;
  const before = readLedgerProfile(run.ledgerProfile);
  const profile = withChannel(before, channel);
  await progress.step(`Chain ${name}, with its contracts`, async (note) => {
    await grow(run, channel, { note, signal });
    await answering(profile, name, signal);
  });
  await progress.step('Ledger profile', async (note) => {
    if (profile === before) note('unchanged');
    else await replaceFile(run.ledgerProfile, `${JSON.stringify(profile, null, 2)}\n`);
  });
  const mapVersion = await progress.step('Channel map', async (note) => {
    const version = await registrars.publish({ care: [], supply: [], [channel.kind]: [name] });
    note(`version ${version}`);
    return version;
  });
  return { name, mapVersion, unchanged: profile === before && inForce.has(name) };
}

/** A profile that reaches the channel too; the same one where it does already. */
function withChannel(profile: LedgerProfile, { name, kind, contracts, organisations }: Channel): LedgerProfile {
  if (profile.channels.some((channel) => channel.name === name)) return profile;
  const channel = { name, kind, contracts: [...contracts], organisations: [...organisations] };
  return { ...profile, channels: [...profile.channels, channel] };
}

/** Waits until the channel's contract answers. */
async function answering(profile: LedgerProfile, name: string, signal: AbortSignal): Promise<void> {
  const ledger = openLedger(() => profile);
  const until = performance.now() + answersWithinMs;
  try {
    while (!(await ledger.answers(name, 1_500))) {
      signal.throwIfAborted();
      if (performance.now() < until) {
        await delay(100);
        continue;
      }
      throw new StepError(`${name} does not answer after ${answersWithinMs / 1000} s.`, {
        advice:
          'the log of the ledger says why. Run this again, which goes on where it stopped; nobody is sent there before.',
      });
    }
  } finally {
    ledger.close();
  }
}
