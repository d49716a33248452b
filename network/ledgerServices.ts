import { contractsOf, type MspId } from './channels.ts';
import type { ComposedChaincode } from './fabric/compose.ts';
import type { Gateways, OpenOptions } from './fabric/openFabric.ts';
import type { FabricPlan } from './fabric/plan.ts';
import { startComposed } from './fabric/startComposed.ts';
import { type Fabric, startFabric } from './fabric/startFabric.ts';
import type { LedgerPorts } from './profiles.ts';
import { type Running, startNode } from './service.ts';
import { type Host, keep, rank } from './services.ts';
import { putBack } from './step.ts';
import type { Supervised } from './supervise.ts';

/** The environment of an organisation's chaincode process, with a port and, for a real peer, a package id for each contract. */
export function chaincodeEnv(
  mspId: MspId,
  ports: LedgerPorts,
  packageIds: Record<string, string> | undefined,
): Record<string, string> {
  const addresses = Object.fromEntries(contractsOf(mspId).map((name) => [name, `127.0.0.1:${ports.contracts[name]}`]));
  return {
    CORE_PEER_LOCALMSPID: mspId,
    CHAINCODE_ADDRESSES: JSON.stringify(addresses),
    ...(packageIds && { CHAINCODE_PACKAGE_IDS: JSON.stringify(packageIds) }),
  };
}

/**
 * A batch of events is megabytes that live for the length of a transaction: with V8's own 16 MB for what is young, a fifth of
 * the time goes into moving it.
 */
const roomForBatches = '--max-semi-space-size=32';

/** One chaincode process for an organisation. */
export function keepChaincode(host: Host, { name, env }: ComposedChaincode): Promise<Supervised<Running>> {
  return keep(host, name, rank.chaincode, (logFile) =>
    startNode({
      name: `The ${name}`,
      args: [roomForBatches, 'chaincode/dist/chaincode/serve.js'],
      env,
      logFile,
      advice: 'start again; where it fails in the same way, delete chaincode/dist, which the next start makes anew.',
      ready: 'line',
      signal: host.signal,
      say: host.say,
    }),
  );
}

export function keepDevnet(host: Host, configFile: string, folder: string): Promise<Supervised<Running>> {
  return keep(host, 'devnet', rank.ledger, (logFile) =>
    startNode({
      name: 'The devnet',
      args: [roomForBatches, 'network/devnet/main.ts', configFile],
      logFile,
      advice: `the ledgers lie in ${folder}, a folder for each channel; where one is damaged, ${putBack}`,
      ready: 'line',
      // A long chain is verified block by block when it opens.
      readyWithinMs: 300_000,
      signal: host.signal,
      say: host.say,
    }),
  );
}

/** Peers and orderers of Hyperledger Fabric, each kept up on its own. */
export function keepFabric(host: Host, plan: FabricPlan, options: OpenOptions): Promise<Fabric> {
  return startFabric(plan, {
    ...{ ...options, signal: host.signal },
    keep: (name, start) => keep(host, name, rank.ledger, start),
  });
}

/** The same in containers, chaincode included; Docker keeps them up, and one command of it is kept up here. */
export function keepComposed(
  host: Host,
  plan: FabricPlan,
  chaincodes: readonly ComposedChaincode[],
  options: OpenOptions,
): Promise<{ gateways: Gateways }> {
  return startComposed(plan, chaincodes, {
    ...{ ...options, signal: host.signal },
    keep: (name, start) => keep(host, name, rank.ledger, start),
  });
}
