import { DevnetError, readConfig } from './config.ts';
import { startDevnet } from './devnet.ts';

function fail(error: unknown): never {
  process.stderr.write(
    `${error instanceof DevnetError ? error.message : error instanceof Error ? error.stack : error}\n`,
  );
  process.exit(1);
}

const [file] = process.argv.slice(2);
if (!file) fail(new DevnetError('usage: node network/devnet/main.ts CONFIG.json'));

try {
  const devnet = await startDevnet(readConfig(file));
  const stop = () => {
    devnet.close().then(() => process.exit(0), fail);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  void devnet.failed.then(fail);
  process.stderr.write(
    'devnet: a development node. One process holds the keys of every organisation and of the orderer.\n',
  );
  process.stdout.write(`${JSON.stringify({ ready: true, gateways: devnet.gateways, channels: devnet.heights() })}\n`);
} catch (error) {
  fail(error);
}
