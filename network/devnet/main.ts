import { DevnetError, readConfig } from './config.ts';
import { type Devnet, startDevnet } from './devnet.ts';
import { verifyLedgers } from './verify.ts';

function describe(error: unknown): string {
  return error instanceof DevnetError ? error.message : error instanceof Error ? String(error.stack) : String(error);
}

function fail(error: unknown): never {
  process.stderr.write(`${describe(error)}\n`);
  process.exit(1);
}

const verifies = process.argv[2] === '--verify';
const file = process.argv[verifies ? 3 : 2];
if (!file) fail(new DevnetError('usage: node network/devnet/main.ts [--verify] CONFIG.json'));
if (verifies) {
  const verified = await verifyLedgers(readConfig(file)).catch(fail);
  process.stdout.write(`${JSON.stringify({ verified })}\n`);
  process.exit(0);
}

/** Takes up what is new in the configuration file; where it cannot, the node goes on as it was. */
async function reload(devnet: Devnet, path: string): Promise<void> {
  try {
    await devnet.adopt(readConfig(path));
    say({ reloaded: true }, devnet);
  } catch (error) {
    process.stderr.write(`devnet: the configuration is not taken up: ${describe(error)}\n`);
  }
}

function say(what: object, devnet: Devnet): void {
  const state = { ...what, gateways: devnet.gateways, channels: devnet.heights() };
  process.stdout.write(`${JSON.stringify(state)}\n`);
}

try {
  const starting = startDevnet(readConfig(file));
  process.on('SIGHUP', () => void starting.then((devnet) => reload(devnet, file)));
  const devnet = await starting;
  const stop = () => {
    devnet.close().then(() => process.exit(0), fail);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  void devnet.failed.then(fail);
  process.stderr.write(
    'devnet: a development node. One process holds the keys of every organisation and of the orderer.\n',
  );
  say({ ready: true }, devnet);
} catch (error) {
  fail(error);
}
