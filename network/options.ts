import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type LedgerChoice, ledgerKinds } from './ledgerChoice.ts';
import { StepError } from './step.ts';

/** What the command line of `npm start` says. */
export interface UpOptions {
  fresh: boolean;
  port: number;
  stateDir: string;
  dev: boolean;
  portal: boolean;
  demonstration: boolean;
  /** Whether a simulated supply chain and simulated devices go on beside the demonstration. */
  simulation: boolean;
  /** Undefined where it was not said. */
  ipfs: 'embedded' | 'kubo' | undefined;
  /** Undefined where it was not said. */
  ledger: LedgerChoice | undefined;
  help: boolean;
}

export const usage = `npm start [-- OPTIONS]      (npm run dev: the same with hot reload)

  --fresh        begin anew: deletes what the state folder holds
  --port N       port of the portal (3000); 0 takes a free one
  --state DIR    where everything is kept (.medloom)
  --ipfs KIND    kubo: an installed Kubo, from IPFS_BIN or ipfs on PATH; embedded: the embedded node.
                 Left out, it is kubo where IPFS_BIN is set
  --ledger KIND  devnet: the embedded node; fabric: peers and orderers of Hyperledger Fabric, from FABRIC_BIN, PATH or
                 npm run network:get-fabric; compose: the same in containers; FILE: a network that runs already, by
                 its ledger profile, with the connector's in CONNECTOR_PROFILE
  --no-portal    start the ledgers, the connector and the database only
  --no-demonstration
                 leave the network empty, without people and prescriptions
  --no-simulation
                 leave out the simulated supply chain (docs/simulation.md) and the simulated devices (docs/monitoring.md)
  --help         show this

Used instead of the embedded nodes when set: ETHEREUM_RPC_URL (with ETHEREUM_DEPLOYER_KEY, and SETTLEMENT_COIN_ADDRESS
for another coin than the test coin), IPFS_API_URL, IPFS_BIN, DATABASE_URL.`;

/** Reads the command line; throws a StepError that names what is wrong. */
export function readOptions(args: string[], defaultStateDir: string): UpOptions {
  let values: ReturnType<typeof parse>;
  try {
    values = parse(args);
  } catch (error) {
    throw new StepError(error instanceof Error ? error.message : String(error), { advice: `use\n${usage}` });
  }
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > 65_535)
    throw new StepError(`--port ${values.port} is not a port number.`, {
      advice: 'give a number up to 65535; 0 takes a free one.',
    });
  const { ipfs } = values;
  if (ipfs !== undefined && ipfs !== 'embedded' && ipfs !== 'kubo')
    throw new StepError(`--ipfs ${ipfs} is not known.`, { advice: 'use embedded or kubo.' });
  return {
    fresh: values.fresh,
    port,
    stateDir: values.state === undefined ? defaultStateDir : resolve(values.state),
    dev: values.dev,
    portal: !values['no-portal'],
    demonstration: !values['no-demonstration'],
    simulation: !values['no-simulation'],
    ipfs,
    ledger: values.ledger === undefined ? undefined : readLedger(values.ledger),
    help: values.help,
  };
}

function readLedger(text: string): LedgerChoice {
  const kind = ledgerKinds.find((known) => known === text);
  if (kind) return kind;
  const profile = resolve(text);
  if (existsSync(profile)) return { profile };
  throw new StepError(`--ledger ${text} is not known, and no file of that name is there.`, {
    advice: `use ${ledgerKinds.join(', ')}, or name a ledger profile.`,
  });
}

function parse(args: string[]) {
  return parseArgs({
    args,
    options: {
      fresh: { type: 'boolean', default: false },
      port: { type: 'string', default: '3000' },
      state: { type: 'string' },
      dev: { type: 'boolean', default: false },
      ipfs: { type: 'string' },
      ledger: { type: 'string' },
      'no-portal': { type: 'boolean', default: false },
      'no-demonstration': { type: 'boolean', default: false },
      'no-simulation': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  }).values;
}
