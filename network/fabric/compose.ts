import { fileURLToPath } from 'node:url';
import type { FabricNode } from './nodes.ts';
import type { FabricPlan } from './plan.ts';

/** Official images; the tools on this machine are of the same version. */
const images = {
  peer: 'hyperledger/fabric-peer:3.1',
  orderer: 'hyperledger/fabric-orderer:3.1',
  chaincode: 'node:24-slim',
};

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** A chaincode process: what it is called, and its environment (chaincode/serve.ts). */
export interface ComposedChaincode {
  name: string;
  env: Record<string, string>;
}

/**
 * The network as a Compose file. All containers share the loopback of one, `network`, whose ports are published on the loopback
 * of this machine: every address of the plan is then the same within and without, and so are channels and chaincode packages.
 * Folders lie at the same paths within, and files belong to the user who starts it.
 */
export function composeFile(
  plan: FabricPlan,
  nodes: { orderers: readonly FabricNode[]; peers: readonly FabricNode[] },
  chaincodes: readonly ComposedChaincode[],
): object {
  const all = [...nodes.orderers, ...nodes.peers];
  const ports = [
    ...all.flatMap(({ address, operations }) => [address, operations]),
    ...nodes.orderers.map(({ admin }) => admin),
  ];
  const shared = {
    network_mode: 'service:network',
    depends_on: ['network'],
    restart: 'unless-stopped',
    ...(process.getuid && process.getgid ? { user: `${process.getuid()}:${process.getgid()}` } : {}),
  };
  const bind = (folder: string, readOnly: boolean) => ({
    ...{ type: 'bind', source: folder, target: folder },
    ...(readOnly ? { read_only: true } : {}),
  });
  const node = (image: string) => (own: FabricNode) => [
    serviceName(own.name),
    { image, ...shared, environment: withinContainer(own), volumes: [bind(plan.stateDir, false)] },
  ];
  const chaincode = ({ name, env }: ComposedChaincode) => [
    serviceName(name),
    {
      ...{ image: images.chaincode, ...shared, environment: env, volumes: [bind(root, true)] },
      ...{ working_dir: root, command: ['node', 'chaincode/dist/chaincode/serve.js'] },
    },
  ];
  return {
    name: 'medloom-fabric',
    services: {
      network: {
        image: images.peer,
        entrypoint: ['sleep', 'infinity'],
        init: true,
        restart: 'unless-stopped',
        ports: ports.map((address) => `${address}:${portOf(address)}`),
      },
      ...Object.fromEntries([
        ...nodes.orderers.map(node(images.orderer)),
        ...nodes.peers.map(node(images.peer)),
        ...chaincodes.map(chaincode),
      ]),
    },
  };
}

function serviceName(name: string): string {
  return name.toLowerCase().replaceAll(' ', '-');
}

function portOf(address: string): string {
  return address.slice(address.lastIndexOf(':') + 1);
}

/** Settings that name what lies on this machine only; the images have their own. */
const ownOfImages = ['FABRIC_CFG_PATH', 'CORE_CHAINCODE_EXTERNALBUILDERS'];

/** A node's settings within a container: published ports come in at its network address, so it listens on all. */
function withinContainer({ env }: FabricNode): Record<string, string> {
  const settings = Object.entries(env).filter(([name]) => !ownOfImages.includes(name));
  return Object.fromEntries(
    settings.map(([name, value]) => [
      name,
      name.endsWith('_LISTENADDRESS') ? value.replace(/^127\.0\.0\.1/, '0.0.0.0') : value,
    ]),
  );
}
