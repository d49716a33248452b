import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openLedger } from '#server/gateways/ledger/ledger.ts';
import { followLedgerProfile } from '#server/gateways/ledger/profile.ts';
import { rebuildProjections } from '#server/supplyIndexer/rebuild.ts';
import { defaultStateDir } from '../network.ts';
import { readRunFile } from '../runFile.ts';
import { createProgress, explainFailure, StepError } from '../step.ts';

/** `npm run projections:rebuild`: makes the read model of the supply channels anew, while the portal runs. */

const usage = `npm run projections:rebuild -- [--compare] [--state DIR]

  --compare      compares what is made with what is served, and leaves that as it is
  --state DIR    state folder of the network that runs (.medloom); not asked where DATABASE_URL and LEDGER_PROFILE are set`;

const progress = createProgress();
try {
  const { compare, help, state } = read();
  if (help) console.log(usage);
  else {
    const { databaseUrl, ledgerProfile } = settingsOf(state);
    const ledger = openLedger(followLedgerProfile(ledgerProfile));
    try {
      const made = await progress.step('Read model of the supply channels, from block 0', () =>
        rebuildProjections({ ledger, settings: { databaseUrl } }, { compare }),
      );
      const speed = Math.round(made.events / Math.max(made.seconds, 0.001));
      progress.say(`${made.events} events of ${made.blocks} blocks in ${made.seconds.toFixed(1)} s: ${speed} a second`);
      const different = Object.entries(made.differences ?? {});
      if (compare && different.length === 0) progress.say('It has the rows that are served.');
      if (!compare) progress.say('It is served from now on.');
      for (const [table, rows] of different) progress.say(`${table}: ${rows} rows differ`);
      if (different.length > 0) process.exitCode = 2;
    } finally {
      ledger.close();
    }
  }
} catch (error) {
  console.error(`\nThe read model was not rebuilt; what was served is served still.\n${explainFailure(error)}`);
  process.exitCode = 1;
} finally {
  progress.close();
}

function settingsOf(state: string | undefined): { databaseUrl: string; ledgerProfile: string } {
  const { DATABASE_URL: databaseUrl, LEDGER_PROFILE: ledgerProfile } = process.env;
  if (state === undefined && databaseUrl && ledgerProfile) return { databaseUrl, ledgerProfile };
  const stateDir = resolve(state ?? defaultStateDir);
  try {
    const { urls, ledgerProfile: profile } = readRunFile(join(stateDir, 'run.json'));
    return { databaseUrl: urls.database, ledgerProfile: profile };
  } catch (cause) {
    throw new StepError(`no network runs in ${stateDir}`, {
      advice: 'start one with "npm start", or set DATABASE_URL and LEDGER_PROFILE',
      cause,
    });
  }
}

function read() {
  try {
    const options = {
      compare: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
      state: { type: 'string' },
    } as const;
    return parseArgs({ options }).values;
  } catch (error) {
    throw new StepError(error instanceof Error ? error.message : String(error), { advice: `use\n${usage}` });
  }
}
