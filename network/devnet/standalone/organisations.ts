import { join } from 'node:path';
import { layOut, type Material } from './material.ts';
import type { NetworkFile } from './networkFile.ts';
import type { OrganisationDescription } from './schema.ts';

/** The ports of Fabric's test network, of which every organisation's are 2000 above those of the one before it. */
const firstPort = 7051;
const portStep = 2000;

/** An organisation with its names looked up and its certificates. */
export interface Organisation {
  name: string;
  mspId: string;
  domain: string;
  folder: string;
  material: Material;
  /** Name and port of its peer; undefined for an organisation of clients only. */
  peer: { host: string; port: number } | undefined;
}

/** Makes, or finds, the certificates of every organisation and of the orderer. */
export async function ensureOrganisations(
  file: NetworkFile,
): Promise<{ organisations: Organisation[]; ordering: Material; ordererHost: string }> {
  const { description, certificatesDir } = file;
  const organisations: Organisation[] = [];
  let withPeer = 0;
  for (const item of description.organisations) {
    const domain = item.domain ?? `${item.name.toLowerCase()}.${description.domain}`;
    const folder = join(certificatesDir, 'peerOrganizations', domain);
    const hosts = item.peer ? ['peer0'] : [];
    const material = await layOut({ folder, domain, kind: 'peer', hosts, users: usersOf(item) });
    const port = item.port ?? firstPort + portStep * withPeer;
    if (item.peer) withPeer += 1;
    organisations.push({
      name: item.name,
      mspId: item.mspId ?? `${item.name}MSP`,
      domain,
      folder,
      material,
      peer: item.peer ? { host: `peer0.${domain}`, port } : undefined,
    });
  }
  const { domain } = description;
  const ordering = await layOut({
    folder: join(certificatesDir, 'ordererOrganizations', domain),
    ...{ domain, kind: 'orderer', hosts: ['orderer'], users: [] },
  });
  return { organisations, ordering, ordererHost: `orderer.${domain}` };
}

function usersOf({ users }: OrganisationDescription): string[] {
  return typeof users === 'number' ? Array.from({ length: users }, (_, index) => `User${index + 1}`) : users;
}
