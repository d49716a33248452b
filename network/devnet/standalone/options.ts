import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DevnetError } from '../config.ts';

export const commands = ['start', 'status', 'deploy', 'restart', 'reset', 'log', 'stop'] as const;

/** What the command line says. */
export interface Options {
  command: (typeof commands)[number];
  /** The chaincode of `restart`; undefined restarts the node. */
  chaincode: string | undefined;
  config: string;
  log: boolean;
  fresh: boolean;
  json: boolean;
  follow: boolean;
  channel: string | undefined;
  from: number;
  help: boolean;
}

export const usage = `npm run devnet -- [COMMAND] [--config FILE]        FILE is devnet.yaml when left out

  start              start the network that FILE describes (what happens without a COMMAND)
    --log            show what each transaction reads and writes
    --fresh          begin with empty ledgers
While it runs, from another terminal:
  status             gateways, channels, chaincodes and their servers, as JSON
  deploy             take up what FILE says by now: channels, chaincodes (version, policy, collections), servers, users
  restart [NAME]     start the servers of chaincode NAME anew; without NAME the node, with all that FILE says by now
  reset              the same as restart, with empty ledgers; certificates stay
  log                what each transaction read and wrote
    --follow         and go on with those to come
    --channel NAME   of this channel only
    --from BLOCK     from this block on
    --json           a line of JSON for each transaction
  stop               end it`;

/** Reads the command line; paths are relative to where npm was called. Throws a DevnetError that says what is wrong. */
export function readOptions(args: string[], env: Record<string, string | undefined> = process.env): Options {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    throw new DevnetError(`${error instanceof Error ? error.message : error}\n\n${usage}`);
  }
  const { values, positionals } = parsed;
  const [word = 'start', chaincode, ...others] = positionals;
  const command = commands.find((name) => name === word);
  if (!command) throw new DevnetError(`there is no command ${word}\n\n${usage}`);
  if (others.length > 0 || (chaincode !== undefined && command !== 'restart'))
    throw new DevnetError(`${[chaincode, ...others].join(' ')} is too much behind ${command}\n\n${usage}`);
  if (!/^\d+$/.test(values.from)) throw new DevnetError(`--from ${values.from} is not the number of a block`);
  const config = resolve(env.INIT_CWD ?? '.', values.config);
  return { ...values, channel: values.channel, command, chaincode, config, from: Number(values.from) };
}

function parse(args: string[]) {
  return parseArgs({
    args,
    allowPositionals: true,
    options: {
      config: { type: 'string', default: 'devnet.yaml' },
      log: { type: 'boolean', default: false },
      fresh: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      follow: { type: 'boolean', default: false },
      channel: { type: 'string' },
      from: { type: 'string', default: '0' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
}
