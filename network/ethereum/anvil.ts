import { appendFile, mkdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { type Child, startChild } from '../processes/child.ts';
import { dropClaim, readClaim, writeClaim } from '../processes/claim.ts';
import { findFreePort } from '../processes/port.ts';
import { removeLeftovers } from '../processes/replaceFile.ts';
import { endProcess } from '../processInfo.ts';
import { indent } from '../service.ts';
import { adviceFor, StepError } from '../step.ts';
import { keepChain } from './chainKeeper.ts';
import { checkChainState, putAside, saveChainState } from './chainState.ts';
import { isReachable } from './rpc.ts';

/** A running Anvil. */
export interface Anvil {
  rpcUrl: string;
  chainId: number;
  pid: number;
  /** Resolves when the process has ended, asked to or not, and nothing writes to its chain's file any more. */
  readonly end: Promise<void>;
  /** Saves the chain and ends the process. Throws, with the process ended, when the chain could not be saved. */
  stop(): Promise<void>;
}

export interface AnvilOptions {
  /** Where the chain is kept between starts. */
  stateFile: string;
  logFile: string;
  /** A free one when left out. */
  port?: number;
  chainId?: number;
  /** BIP-39 words of the accounts that hold the chain's ether. */
  mnemonic: string;
  /** How often to look for blocks to save, in milliseconds. */
  saveEveryMs?: number;
}

/**
 * Starts Anvil from its npm package on 127.0.0.1, with the chain that `stateFile` holds.
 *
 * What survives: everything, when `stop` is called or the process that called this is killed (the next start takes the chain
 * over from the Anvil left behind). When Anvil itself is killed, the blocks since the last save are lost: those of the last
 * `saveEveryMs` on a small chain, more as saving takes longer. Who must not lose a transaction looks for it again and repeats it.
 */
export async function startAnvil(options: AnvilOptions): Promise<Anvil> {
  const { stateFile, logFile, chainId = 31337, mnemonic, saveEveryMs = 200 } = options;
  const command = findAnvil();
  const claimFile = claimOf(stateFile);
  const historyFolder = `${stateFile}.history`;
  await mkdir(dirname(stateFile), { recursive: true });
  await endOrphanedAnvil(stateFile);
  await removeLeftovers(stateFile);
  const exists = await checkChainState(stateFile);
  // States of old blocks that a killed Anvil left; it never reads them again.
  await rm(historyFolder, { recursive: true, force: true });

  const port = options.port ?? (await findFreePort());
  const rpcUrl = `http://127.0.0.1:${port}`;
  const child = await startChild({
    command,
    args: [
      ...['--host', '127.0.0.1', '--port', String(port), '--chain-id', String(chainId), '--mnemonic', mnemonic],
      // Quiet, because Anvil otherwise prints the accounts' private keys and every call into the log.
      ...['--quiet', '--cache-path', historyFolder],
      ...(exists ? ['--load-state', stateFile] : []),
    ],
    logFile,
  });
  try {
    await writeClaim(claimFile, { pid: child.pid, address: rpcUrl });
    await waitUntilReady(child, rpcUrl, chainId, logFile, stateFile);
  } catch (error) {
    await child.stop();
    await dropClaim(claimFile);
    throw error;
  }
  const keeper = keepChain({
    rpcUrl,
    stateFile,
    everyMs: saveEveryMs,
    onFailure: (error) => {
      if (child.ended() !== undefined) return;
      void appendFile(logFile, `The chain could not be saved to ${stateFile}: ${String(error)}\n`).catch(
        () => undefined,
      );
    },
  });
  // Whoever starts another Anvil waits for this: two watches would write one file, and ask the same port.
  const end = child.end.then(() => keeper.abandon());
  let stopping: Promise<void> | undefined;
  const stop = async () => {
    // At the address of an Anvil that has ended another may answer by now.
    const saved = child.ended() === undefined ? keeper.close() : Promise.reject(new Error('Nothing is left to ask.'));
    const [outcome] = await Promise.allSettled([saved]);
    const ended = child.ended();
    await child.stop();
    await dropClaim(claimFile);
    if (outcome.status === 'fulfilled') return;
    const why = ended ? ` (Anvil had ${ended})` : '';
    throw new Error(`The Ethereum chain could not be saved to ${stateFile}${why}.`, { cause: outcome.reason });
  };
  return {
    ...{ rpcUrl, chainId, pid: child.pid, end },
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}

/** The program of the npm package for this machine; started directly, without the package's wrapper script. */
function findAnvil(): string {
  const systems: Record<string, string> = { linux: 'linux', darwin: 'darwin', win32: 'win32' };
  const processors: Record<string, string> = { x64: 'amd64', arm64: 'arm64' };
  const system = systems[process.platform];
  const processor = processors[process.arch];
  const name = `@foundry-rs/anvil-${system}-${processor}/bin/anvil${system === 'win32' ? '.exe' : ''}`;
  try {
    return createRequire(import.meta.url).resolve(name);
  } catch (error) {
    const advice =
      system && processor
        ? 'run npm install (without --omit=optional) and start again,'
        : `there is none for ${process.platform} on ${process.arch}; use another machine,`;
    throw new StepError(`Anvil is not installed: ${name} is missing.`, {
      advice: `${advice} or set ETHEREUM_RPC_URL to a chain.`,
      cause: error,
    });
  }
}

/** Ends an Anvil whose owner was killed, after saving its chain; refuses when it still has its owner. */
export async function endOrphanedAnvil(stateFile: string): Promise<void> {
  const claimFile = claimOf(stateFile);
  const found = await readClaim(claimFile);
  if (found.state === 'free') return dropClaim(claimFile);
  if (found.state === 'owned') {
    throw new StepError(
      `The Ethereum chain ${stateFile} is in use: process ${found.claim.owner} runs Anvil on it (process ${found.claim.pid}).`,
      { advice: `end process ${found.claim.owner} first, which saves the chain.` },
    );
  }
  // An Anvil that no longer answers has nothing to give; the file of its last save stays.
  if ((await isReachable(found.claim.address, 2_000)).reachable) await saveChainState(found.claim.address, stateFile);
  await endProcess(found.claim);
  await dropClaim(claimFile);
}

function claimOf(stateFile: string): string {
  return `${stateFile}.claim`;
}

async function waitUntilReady(
  child: Child,
  rpcUrl: string,
  chainId: number,
  logFile: string,
  stateFile: string,
): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    if (child.ended() !== undefined) {
      const log = await child.lastLines();
      if (log.includes('--load-state')) throw await putAside(stateFile, new Error(log));
      const busy = /address (already )?in use/i.test(log) ? ` The port of ${rpcUrl} is taken.` : '';
      throw new StepError(`Anvil ${child.ended()}.${busy} Its log ends:\n${indent(log)}`, {
        advice: adviceFor(log) ?? 'start again, on another port.',
        logFile,
      });
    }
    const answer = await isReachable(rpcUrl, 1_000);
    if (answer.reachable && answer.chainId === chainId) return;
    if (answer.reachable)
      throw new StepError(`${rpcUrl} answers with chain ${answer.chainId} instead of ${chainId}: the port is taken.`, {
        advice: 'start again, on another port.',
        logFile,
      });
    if (Date.now() > deadline)
      throw new StepError(`Anvil does not answer at ${rpcUrl}: ${answer.cause}.`, {
        advice: 'end programs that keep the machine busy, and start again.',
        logFile,
      });
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
