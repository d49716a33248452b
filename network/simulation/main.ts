import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { RecallArgument } from '#chaincode/model/trace.ts';
import { openConnector } from '#server/gateways/connector/connector.ts';
import { removeLeftovers, replaceFile } from '../processes/replaceFile.ts';
import { startNode } from '../service.ts';
import { demonstrationSeed, historyDays, readConfig, type SimulationConfig } from './config.ts';
import { connectorRecorder } from './connectorRecorder.ts';
import { type Kept, kept, run } from './run.ts';
import { beginning } from './state.ts';
import type { Channels } from './telling.ts';
import { createWorld } from './world.ts';

/**
 * The process that keeps the simulated supply chain moving: it needs little memory and next to no processor. It is ended at any
 * moment, since what it does is kept before and the ledger takes nothing twice.
 */
const fileShape = kept.extend({ channels: z.record(z.string(), z.string()) });

const say = (text: string) => console.error(`${new Date().toISOString()} ${text}`);
/** It is ended from outside, at any moment. */
const { signal } = new AbortController();
const configFile = process.argv[2];
const config = readConfig(configFile);
process.once('SIGTERM', () => process.exit(0));
process.stdout.write(`${JSON.stringify({ ready: true })}\n`);

const world = createWorld(demonstrationSeed);
await removeLeftovers(config.file);
const { channels, ...before } = readKept(config) ?? (await begin());
const { CONNECTOR_URL: url = '', CONNECTOR_TOKEN: token = '' } = config.settings;
await run(before, {
  ...{ world, channels, say },
  recorder: connectorRecorder(openConnector({ url, token }), startRecall),
  clock: { now: Date.now, pause: async (ms) => pause(ms) },
  signal,
  keep: (state) => keep(state, channels),
});

function readKept({ file }: SimulationConfig): z.infer<typeof fileShape> | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return fileShape.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new Error(`${file} is damaged; begin anew, which deletes everything: npm start -- --fresh`, { cause });
  }
}

async function begin(): Promise<z.infer<typeof fileShape>> {
  say('The simulated supply chain is brought into the registry.');
  const answer = z.object({ channels: z.record(z.string(), z.string()) }).parse(await office('register'));
  const state = beginning(world.seed, world.sites.length, Date.now(), historyDays);
  const begun = { state, until: state.clock, channels: answer.channels };
  await keep(begun, answer.channels);
  return begun;
}

async function keep({ state, until }: Kept, known: Channels): Promise<void> {
  await replaceFile(config.file, JSON.stringify({ state, until, channels: known }));
}

/** A recall that nobody can start, as when the demonstration's password was changed, is left out: the rest goes on. */
async function startRecall(channel: string, recall: RecallArgument): Promise<void> {
  for (let tries = 0; tries < 3; tries += 1) {
    try {
      await office('recall', channel, JSON.stringify(recall));
      return;
    } catch (error) {
      say(`The recall ${recall.id} was not started: ${error instanceof Error ? error.message : String(error)}`);
      await pause(20_000);
    }
  }
}

async function office(...task: string[]): Promise<unknown> {
  const running = await startNode({
    name: 'The office of the simulation',
    args: ['network/simulation/office.ts', configFile ?? '', ...task],
    logFile: config.logFile,
    advice: 'it is tried again.',
    ready: 'line',
    readyWithinMs: 180_000,
    signal,
    say,
  });
  await running.end;
  return running.announcement;
}
