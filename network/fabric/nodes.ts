import { join } from 'node:path';
import { connect } from 'node:tls';
import { startTethered } from '../processes/tether.ts';
import { indent, type Running } from '../service.ts';
import { adviceFor, putBack, StepError } from '../step.ts';
import { foldersOf, ordererName, peerName } from './material.ts';
import type { FabricPlan } from './plan.ts';
import type { NodePorts } from './ports.ts';
import type { FabricPrograms } from './programs.ts';

/** A peer or an orderer, and how it is started. */
export interface FabricNode {
  name: string;
  mspId: string;
  /** host:port of its gRPC services, with TLS. */
  address: string;
  /** host:port of metrics and health, plain HTTP on the loopback. */
  operations: string;
  /** host:port of an orderer's channel participation. */
  admin: string;
  /** PEM of the CA of its TLS certificate. */
  tlsCaPem: string;
  command: string;
  args: string[];
  env: Record<string, string>;
}

const host = '127.0.0.1';
const startWithinMs = 120_000;

/** The nodes of a plan, orderers first. */
export function nodesOf(
  plan: FabricPlan,
  ports: ReadonlyMap<string, NodePorts>,
  programs: FabricPrograms,
): { orderers: FabricNode[]; peers: FabricNode[] } {
  const folders = foldersOf(plan.stateDir);
  const base = (name: string, mspId: string, tlsCaPem: string) => {
    const own = ports.get(name);
    if (!own) throw new Error(`${name} has no ports.`);
    return {
      own,
      node: {
        ...{ name, mspId, tlsCaPem },
        address: `${host}:${own.main}`,
        operations: `${host}:${own.operations}`,
        admin: `${host}:${own.admin}`,
      },
      tls: join(folders.node(name), 'tls'),
      msp: join(folders.node(name), 'msp'),
      data: join(plan.stateDir, 'nodes', name.replaceAll(' ', '-')),
    };
  };
  const orderers = plan.orderers.nodes.map((_, index) => {
    const { mspId, tlsRootCertPem } = plan.orderers;
    const { node, own, tls, msp, data } = base(ordererName(index), mspId, tlsRootCertPem);
    const tlsRoot = folders.tlsRoot(mspId);
    const env = {
      FABRIC_CFG_PATH: programs.config,
      FABRIC_LOGGING_SPEC: process.env.FABRIC_LOGGING_SPEC ?? 'warning',
      ORDERER_GENERAL_LISTENADDRESS: host,
      ORDERER_GENERAL_LISTENPORT: String(own.main),
      ORDERER_GENERAL_LOCALMSPID: mspId,
      ORDERER_GENERAL_LOCALMSPDIR: msp,
      ORDERER_GENERAL_KEEPALIVE_SERVERMININTERVAL: leastPingInterval,
      ORDERER_GENERAL_TLS_ENABLED: 'true',
      ORDERER_GENERAL_TLS_PRIVATEKEY: join(tls, 'server.key'),
      ORDERER_GENERAL_TLS_CERTIFICATE: join(tls, 'server.crt'),
      ORDERER_GENERAL_TLS_ROOTCAS: `[${tlsRoot}]`,
      ORDERER_GENERAL_CLUSTER_CLIENTCERTIFICATE: join(tls, 'server.crt'),
      ORDERER_GENERAL_CLUSTER_CLIENTPRIVATEKEY: join(tls, 'server.key'),
      ORDERER_GENERAL_CLUSTER_ROOTCAS: `[${tlsRoot}]`,
      ORDERER_FILELEDGER_LOCATION: join(data, 'ledger'),
      ORDERER_CONSENSUS_WALDIR: join(data, 'wal'),
      ORDERER_CONSENSUS_SNAPDIR: join(data, 'snapshots'),
      ORDERER_ADMIN_LISTENADDRESS: node.admin,
      ORDERER_ADMIN_TLS_ENABLED: 'true',
      ORDERER_ADMIN_TLS_PRIVATEKEY: join(tls, 'server.key'),
      ORDERER_ADMIN_TLS_CERTIFICATE: join(tls, 'server.crt'),
      ORDERER_ADMIN_TLS_CLIENTAUTHREQUIRED: 'true',
      ORDERER_ADMIN_TLS_CLIENTROOTCAS: `[${tlsRoot}]`,
      ORDERER_CHANNELPARTICIPATION_ENABLED: 'true',
      ORDERER_OPERATIONS_LISTENADDRESS: node.operations,
      ORDERER_METRICS_PROVIDER: 'prometheus',
    };
    return { ...node, command: programs.orderer, args: [], env };
  });
  const peers = plan.organisations.flatMap(({ mspId, peer, tlsRootCertPem }) => {
    if (!peer) return [];
    if (tlsRootCertPem === undefined) throw new Error(`${mspId} has a peer and no CA for its TLS.`);
    const { node, tls, msp, data } = base(peerName(mspId), mspId, tlsRootCertPem);
    const builder = { name: 'ccaas', path: programs.builder };
    const env = {
      FABRIC_CFG_PATH: programs.config,
      FABRIC_LOGGING_SPEC: process.env.FABRIC_LOGGING_SPEC ?? 'warning',
      CORE_PEER_ID: `peer.${mspId}`,
      CORE_PEER_NETWORKID: 'medloom',
      CORE_PEER_LOCALMSPID: mspId,
      CORE_PEER_MSPCONFIGPATH: msp,
      CORE_PEER_LISTENADDRESS: node.address,
      CORE_PEER_ADDRESS: node.address,
      // Chaincode listens itself; the peer would otherwise take 7052 for it.
      CORE_PEER_CHAINCODELISTENADDRESS: `${host}:0`,
      CORE_PEER_TLS_ENABLED: 'true',
      CORE_PEER_TLS_CERT_FILE: join(tls, 'server.crt'),
      CORE_PEER_TLS_KEY_FILE: join(tls, 'server.key'),
      CORE_PEER_TLS_ROOTCERT_FILE: folders.tlsRoot(mspId),
      CORE_PEER_FILESYSTEMPATH: join(data, 'ledger'),
      CORE_LEDGER_SNAPSHOTS_ROOTDIR: join(data, 'snapshots'),
      CORE_LEDGER_STATE_STATEDATABASE: 'goleveldb',
      CORE_CHAINCODE_EXTERNALBUILDERS: JSON.stringify([builder]),
      CORE_OPERATIONS_LISTENADDRESS: node.operations,
      CORE_METRICS_PROVIDER: 'prometheus',
      CORE_PEER_GOSSIP_BOOTSTRAP: node.address,
      CORE_PEER_GOSSIP_ENDPOINT: node.address,
      CORE_PEER_GOSSIP_EXTERNALENDPOINT: node.address,
      CORE_PEER_KEEPALIVE_MININTERVAL: leastPingInterval,
      // A frozen orderer is left for the next one before the portal gives up waiting.
      CORE_PEER_GATEWAY_BROADCASTTIMEOUT: '3s',
      ...quickGossip,
    };
    return [{ ...node, command: programs.peer, args: ['node', 'start'], env }];
  });
  return { orderers, peers };
}

/** A peer's gateway pings the others every 10 s, whatever is configured, and Fabric's own limit would cut its connections. */
const leastPingInterval = '5s';

/** Peers of one machine may ask each other more often than Fabric's values for wide networks: who comes back is seen soon. */
const quickGossip = {
  CORE_PEER_GOSSIP_ALIVETIMEINTERVAL: '1s',
  CORE_PEER_GOSSIP_ALIVEEXPIRATIONTIMEOUT: '6s',
  CORE_PEER_GOSSIP_RECONNECTINTERVAL: '2s',
  CORE_PEER_GOSSIP_MEMBERSHIPTRACKERINTERVAL: '1s',
  CORE_PEER_GOSSIP_PUBLISHSTATEINFOINTERVAL: '1s',
  CORE_PEER_GOSSIP_REQUESTSTATEINFOINTERVAL: '1s',
  CORE_PEER_GOSSIP_PVTDATA_RECONCILESLEEPINTERVAL: '10s',
};

/** Starts the node and waits until it serves. Throws a StepError with the end of its log where it does not. */
export async function startFabricNode(node: FabricNode, logFile: string, signal?: AbortSignal): Promise<Running> {
  signal?.throwIfAborted();
  const child = await startTethered({ command: node.command, args: node.args, env: node.env, logFile });
  const deadline = Date.now() + startWithinMs;
  while (child.ended() === undefined && Date.now() < deadline && !signal?.aborted) {
    if (await serves(node)) return { pid: child.pid, end: child.end, stop: () => child.stop() };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const ended = child.ended();
  await child.stop();
  signal?.throwIfAborted();
  const words = await child.lastLines();
  throw new StepError(`The ${node.name} ${ended ?? 'does not serve'}. Its log ends:\n${indent(words)}`, {
    advice: /address already in use/.test(words)
      ? `end the program that uses its port; channels name the ports of ${node.address} and ${node.operations} for good.`
      : (adviceFor(words) ?? `where its state is damaged, ${putBack}`),
    logFile,
  });
}

/** Whether the node answers a TLS handshake. */
export function serves(node: FabricNode): Promise<boolean> {
  const port = Number(node.address.split(':')[1]);
  return new Promise((resolve) => {
    const socket = connect({ host, port, ca: node.tlsCaPem, servername: 'localhost', ALPNProtocols: ['h2'] });
    const done = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(2_000, () => done(false));
    socket.once('secureConnect', () => done(true));
    socket.once('error', () => done(false));
  });
}
