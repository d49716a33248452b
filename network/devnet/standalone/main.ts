import { DevnetError } from '../config.ts';
import { command } from './client.ts';
import { Control, findControl } from './control.ts';
import { readNetworkFile } from './networkFile.ts';
import { type Options, readOptions, usage } from './options.ts';
import { renderRecord } from './renderRecord.ts';
import { Standalone } from './standalone.ts';

const print = (text: string) => process.stdout.write(text);

function fail(error: unknown): never {
  const text =
    error instanceof DevnetError ? error.message : error instanceof Error ? String(error.stack) : String(error);
  process.stderr.write(`${text}\n`);
  process.exit(1);
}

/** Starts the network of a file and serves it until it is told to stop. */
async function start(options: Options): Promise<void> {
  const { stateDir } = readNetworkFile(options.config);
  const other = await findControl(stateDir);
  if (other) throw new DevnetError(`a devnet runs on ${stateDir} already (process ${other.pid})`);
  process.stderr.write(
    'devnet: a development node. One process holds the keys of every organisation and of the orderer.\n',
  );
  const network = await Standalone.start(options.config, {
    say: (line) => print(`${line}\n`),
    fresh: options.fresh,
  });
  let ending = false;
  const stop = () => {
    if (ending) return;
    ending = true;
    Promise.all([control.close(), network.close()]).then(() => process.exit(0), fail);
  };
  const control = new Control(network, stateDir, stop);
  await control.listen();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  // The set-up holds the other end; it closes when that was killed.
  process.once('disconnect', stop);
  void network.failed.then(fail);
  if (options.log) {
    const forever = new AbortController().signal;
    network.log({ follow: true, signal: forever }, (record) => void print(`${renderRecord(record)}\n`)).catch(fail);
  }
  const { gateways, channels, certificates } = network.status();
  const heights = Object.fromEntries(channels.map(({ name, height }) => [name, height]));
  print(`${JSON.stringify({ ready: true, gateways, channels: heights, certificates })}\n`);
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options.help) print(`${usage}\n`);
  else if (options.command === 'start') await start(options);
  else await command(options, print);
} catch (error) {
  fail(error);
}
