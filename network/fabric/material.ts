import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Credential, FabricOrganisation, FabricPlan, NodeMaterial } from './plan.ts';

/** Where the certificates of a network lie, as Fabric's programs want them. */
export interface MaterialFolders {
  /** What says who belongs to an organisation, for channel configurations. */
  msp(mspId: string): string;
  /** The identity of an organisation's administrator. */
  admin(mspId: string): string;
  /** `msp` and `tls` of a node. */
  node(name: string): string;
  tlsRoot(mspId: string): string;
}

export function foldersOf(stateDir: string): MaterialFolders {
  const at = (...names: string[]) => join(stateDir, 'material', ...names);
  return {
    msp: (mspId) => at(mspId, 'msp'),
    admin: (mspId) => at(mspId, 'admin'),
    node: (name) => at('nodes', name),
    tlsRoot: (mspId) => join(at(mspId, 'msp'), 'tlscacerts', 'tlsca.pem'),
  };
}

/** Writes the MSP folders of every organisation, administrator and node anew. Their source is the plan. */
export async function writeMaterial(plan: FabricPlan): Promise<void> {
  await rm(join(plan.stateDir, 'material'), { recursive: true, force: true });
  const folders = foldersOf(plan.stateDir);
  const ordering = plan.orderers;
  for (const organisation of [...plan.organisations, ordering]) {
    await writeMsp(folders.msp(organisation.mspId), organisation);
    if (organisation.admin) await writeMsp(folders.admin(organisation.mspId), organisation, organisation.admin);
  }
  for (const organisation of plan.organisations)
    if (organisation.peer) await writeNode(folders.node(peerName(organisation.mspId)), organisation, organisation.peer);
  for (const [index, node] of ordering.nodes.entries())
    await writeNode(folders.node(ordererName(index)), ordering, node);
}

export function peerName(mspId: string): string {
  return `peer ${mspId}`;
}

/** Orderers are counted from 1 where people see it. */
export function ordererName(index: number): string {
  return `orderer ${index + 1}`;
}

type Issuers = Omit<FabricOrganisation, 'mspId' | 'peer' | 'admin'>;

async function writeNode(folder: string, issuers: Issuers, node: NodeMaterial): Promise<void> {
  await writeMsp(join(folder, 'msp'), issuers, node);
  await write(join(folder, 'tls', 'server.crt'), node.tlsCertPem);
  await write(join(folder, 'tls', 'server.key'), node.tlsKeyPem);
}

/** An MSP folder; with a credential it is that one's own, without it says who belongs to the organisation. */
async function writeMsp(folder: string, issuers: Issuers, own?: Credential): Promise<void> {
  const files: [string, string | undefined][] = [
    ['config.yaml', issuers.nodeOus === false ? undefined : nodeUnits],
    ...listed('cacerts', [issuers.rootCertPem, ...(issuers.otherRootCertPems ?? [])]),
    ['tlscacerts/tlsca.pem', issuers.tlsRootCertPem],
    ...listed('intermediatecerts', issuers.intermediateCertPems),
    ...listed('admincerts', issuers.adminCertPems),
    ...listed('crls', issuers.crlPems),
    ['signcerts/cert.pem', own?.certPem],
    ['keystore/key.pem', own?.keyPem],
  ];
  for (const [name, text] of files) if (text !== undefined) await write(join(folder, name), text);
}

function listed(folder: string, pems: readonly string[] = []): [string, string][] {
  return pems.map((pem, at) => [`${folder}/${at}.pem`, pem]);
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(file, text, { mode: 0o600 });
}

/** What a member is to Fabric stands in the organisational unit of its certificate, whichever CA of the MSP issued it. */
const nodeUnits = `NodeOUs:
  Enable: true
${['Client', 'Peer', 'Admin', 'Orderer']
  .map((role) => `  ${role}OUIdentifier:\n    OrganizationalUnitIdentifier: ${role.toLowerCase()}\n`)
  .join('')}`;
