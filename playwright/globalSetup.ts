import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readRunFile } from '../network/runFile.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const startWithinMs = 10 * 60_000;

/**
 * Starts the whole network with its demonstration, as `npm start` does, in a folder of its own on a free port, and hands
 * `MEDLOOM_RUN` (its run file) and `MEDLOOM_PORTAL` (its address) to the tests; on the ledger that `MEDLOOM_LEDGER` names, where
 * it does (devnet, fabric). Answers with what ends it.
 */
export default async function globalSetup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.MEDLOOM_RUN) {
    process.env.MEDLOOM_PORTAL = readRunFile(process.env.MEDLOOM_RUN).urls.portal;
    return undefined;
  }
  // A place of its own, emptied at the start: what a run that was killed left behind is ended and deleted there.
  const stateDir = join(root, 'playwright', 'results', 'state');
  const results = join(root, 'playwright', 'results');
  mkdirSync(results, { recursive: true });
  const logFile = join(results, 'network.log');
  const log = openSync(logFile, 'w');
  const runFile = join(stateDir, 'run.json');
  const begun = Date.now();
  // A run that was killed leaves its own behind.
  const isUp = () => existsSync(runFile) && Date.parse(readRunFile(runFile).startedAt) >= begun;
  // Its channel closes when this process is gone, which ends it too.
  const { MEDLOOM_LEDGER: ledger } = process.env;
  const args = [
    '--fresh',
    '--no-simulation',
    '--state',
    stateDir,
    '--port',
    '0',
    ...(ledger ? ['--ledger', ledger] : []),
  ];
  const up = spawn(process.execPath, ['network/up.ts', ...args], {
    cwd: root,
    stdio: ['ignore', log, log, 'ipc'],
  });
  const ended = new Promise<void>((resolve) => up.once('exit', () => resolve()));
  let over = false;
  void ended.then(() => {
    over = true;
  });
  const stop = async () => {
    if (!over) up.kill('SIGTERM');
    await ended;
    // Another run holds the folder, which is why this one has not started.
    if (existsSync(join(stateDir, 'lock'))) return;
    // Only the logs are of use afterwards.
    for (const name of existsSync(stateDir) ? readdirSync(stateDir) : [])
      if (name !== 'logs' && name !== 'medloom.json') rmSync(join(stateDir, name), { recursive: true, force: true });
  };

  const deadline = Date.now() + startWithinMs;
  while (!isUp()) {
    if (over || Date.now() > deadline) {
      await stop();
      throw new Error(`The network did not start. ${logFile}:\n${readFileSync(logFile, 'utf8').slice(-4_000)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  process.env.MEDLOOM_RUN = runFile;
  process.env.MEDLOOM_PORTAL = readRunFile(runFile).urls.portal;
  return stop;
}
