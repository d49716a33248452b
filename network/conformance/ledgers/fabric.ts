import { join } from 'node:path';
import { TestNetwork } from '../../devnet/testing/network.ts';
import { type Fabric, packageIdsOf, startFabric } from '../../fabric/startFabric.ts';
import { fabricPlan } from '../../fabric/testing/plan.ts';
import { createIdentities } from '../identities.ts';
import { Ledger } from '../ledger.ts';

const node = 'peer AlphaMSP';

/** Starts the suite's network on native Hyperledger Fabric. Throws a StepError where its programs are missing. */
export async function startFabricLedger(): Promise<Ledger> {
  const network = await TestNetwork.plan();
  let fabric: Fabric | undefined;
  const release = async () => {
    await fabric?.stop();
    await network.close();
  };
  try {
    const packageIds = packageIdsOf(network.config.channels);
    for (const mspId of network.peerMsps) network.startChaincode(mspId, packageIds[mspId]);
    const identities = await createIdentities(network);
    const plan = await fabricPlan({
      stateDir: join(network.folder, 'fabric'),
      organisations: Object.values(network.organisations),
      channels: network.config.channels,
      orderers: 1,
    });
    const running = await startFabric(plan);
    fabric = running;
    const gateway = (mspId: string) => {
      const found = running.gateways[mspId];
      if (!found) throw new Error(`no gateway of ${mspId}`);
      return found;
    };
    const { alpha, beta, gamma } = network.organisations;
    const control = {
      killNode: () => running.kill(node),
      startNode: () => running.restart(node),
      killChaincode: () => network.killChaincode(beta.mspId),
      startChaincode: () => network.startChaincode(beta.mspId),
    };
    return new Ledger(
      {
        ledger: 'fabric',
        gateways: { alpha: gateway(alpha.mspId), beta: gateway(beta.mspId), gamma: gateway(gamma.mspId) },
        identities,
        ordererRootsPem: [plan.orderers.rootCertPem],
      },
      control,
      release,
    );
  } catch (error) {
    await release();
    throw error;
  }
}
