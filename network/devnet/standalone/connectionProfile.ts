import { join } from 'node:path';
import { replaceFile } from '#network/processes/replaceFile.ts';
import type { Organisation } from './organisations.ts';

/**
 * Writes `connection-<name>.json` into the folder of each organisation with a peer, as fabric-samples' test network does; without
 * certificate authorities, since none is served. `gateways` are addresses by MSP.
 */
export async function writeConnectionProfiles(
  organisations: readonly Organisation[],
  gateways: Readonly<Record<string, string>>,
): Promise<void> {
  for (const organisation of organisations) {
    const address = gateways[organisation.mspId];
    if (!organisation.peer || address === undefined) continue;
    const profile = connectionProfile(organisation, organisation.peer.host, address);
    const file = join(organisation.folder, `connection-${organisation.name.toLowerCase()}.json`);
    await replaceFile(file, `${JSON.stringify(profile, null, 4)}\n`, 0o644);
  }
}

function connectionProfile({ name, mspId, material }: Organisation, host: string, address: string): object {
  return {
    name: `test-network-${name.toLowerCase()}`,
    version: '1.0.0',
    client: { organization: name, connection: { timeout: { peer: { endorser: '300' } } } },
    organizations: { [name]: { mspid: mspId, peers: [host] } },
    peers: {
      [host]: {
        url: `grpcs://localhost:${address.slice(address.lastIndexOf(':') + 1)}`,
        tlsCACerts: { pem: material.tlsCa.certPem },
        grpcOptions: { 'ssl-target-name-override': host, hostnameOverride: host },
      },
    },
  };
}
