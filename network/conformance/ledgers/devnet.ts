import { TestNetwork } from '../../devnet/testing/network.ts';
import { NodeProcess } from '../../devnet/testing/nodeProcess.ts';
import { createIdentities } from '../identities.ts';
import { Ledger } from '../ledger.ts';

/** Starts the suite's network on the devnet, in a process of its own so that it can be killed. */
export async function startDevnetLedger(): Promise<Ledger> {
  const network = await TestNetwork.create();
  let node: NodeProcess | undefined;
  const release = async () => {
    await node?.stop();
    await network.close();
  };
  try {
    const identities = await createIdentities(network);
    const file = await network.writeConfig();
    const start = async () => {
      node = NodeProcess.launch(file);
      await node.ready();
    };
    await start();
    const { alpha, beta, gamma } = network.organisations;
    const gateway = ({ peer, tlsCa }: typeof alpha) => ({
      address: peer?.address ?? '',
      tlsCaPem: tlsCa.certPem,
      serverName: 'localhost',
    });
    const control = {
      killNode: async () => {
        await node?.stop('SIGKILL');
      },
      startNode: start,
      killChaincode: () => network.killChaincode(beta.mspId),
      startChaincode: () => network.startChaincode(beta.mspId),
    };
    return new Ledger(
      {
        ledger: 'devnet',
        gateways: { alpha: gateway(alpha), beta: gateway(beta), gamma: gateway(gamma) },
        identities,
        ordererRootsPem: [network.config.orderer.rootCertPem],
      },
      control,
      release,
    );
  } catch (error) {
    await release();
    throw error;
  }
}
