import { JSONSerializer } from 'fabric-contract-api';
import { ProbeContract } from './probe.cjs';

/**
 * Serves the probe under each name of `CHAINCODES`, JSON from name to `{ address, ccid }`, in one process, which is the
 * chaincode of one organisation.
 */

interface Server {
  start(): Promise<void>;
}

/** What fabric-shim's own command line uses; it serves one chaincode only. */
const shim: { server(chaincode: object, options: object): Server } = require('fabric-shim');
const Dispatcher: new (
  contracts: object[],
  serializers: object,
  metadata: object,
  title: string,
) => object = require('fabric-shim/lib/contract-spi/chaincodefromcontract.js');
const serializers = { transaction: 'json', serializers: { json: JSONSerializer } };

async function serve(chaincodes: Record<string, { address: string; ccid: string }>): Promise<void> {
  for (const [name, options] of Object.entries(chaincodes))
    await shim.server(new Dispatcher([ProbeContract], serializers, {}, name), options).start();
}

serve(JSON.parse(process.env.CHAINCODES ?? '{}')).catch((error: Error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
