import { parseArgs } from 'node:util';
import { startIpfs } from './ipfs.ts';

/** `node network/ipfs/main.ts --repo DIR --port N`: runs the embedded IPFS node until SIGTERM or SIGINT. */
const { values } = parseArgs({ options: { repo: { type: 'string' }, port: { type: 'string', default: '0' } } });

async function run(): Promise<void> {
  const port = Number(values.port);
  if (!values.repo || !Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error('Usage: node network/ipfs/main.ts --repo DIR [--port N]');
  }
  const ipfs = await startIpfs({ repo: values.repo, port, owner: process.ppid });
  process.stdout.write(`${JSON.stringify({ ready: true, apiUrl: ipfs.apiUrl })}\n`);
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    ipfs.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

run().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
