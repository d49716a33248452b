import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFabric } from '#network/fabric/programs.ts';
import { layOut, type MaterialPlan } from './material.ts';

const fabric = findFabric();
const cryptogen = fabric && join(dirname(fabric.peer), 'cryptogen');
const found = cryptogen !== undefined && existsSync(cryptogen);
if (!found) console.info('skipped: no cryptogen (set FABRIC_BIN, or npm run network:get-fabric)');

const folder = mkdtempSync(join(tmpdir(), 'medloom-material-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function planIn(root: string): MaterialPlan {
  return {
    folder: join(root, 'peerOrganizations', 'org1.example.com'),
    ...{ domain: 'org1.example.com', kind: 'peer', hosts: ['peer0'], users: ['User1'] },
  };
}

function orderersIn(root: string): MaterialPlan {
  return {
    folder: join(root, 'ordererOrganizations', 'example.com'),
    ...{ domain: 'example.com', kind: 'orderer', hosts: ['orderer'], users: [] },
  };
}

/** Every file and folder below a folder, with its mode. */
function tree(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .map((entry) => join(entry.parentPath, entry.name))
    .map(
      (path) =>
        `${relative(root, path)}${statSync(path).isDirectory() ? '/' : ` ${(statSync(path).mode & 0o777).toString(8)}`}`,
    )
    .sort();
}

const ours = join(folder, 'ours');
const org1 = planIn(ours).folder;

beforeAll(async () => {
  await layOut(planIn(ours));
  await layOut(orderersIn(ours));
});

describe('the certificates on disk', () => {
  it('lie where applications of fabric-samples look for them', () => {
    const name = 'org1.example.com';
    const msp = (home: string, id: string) => [
      ...[`${home}/msp/config.yaml 644`, `${home}/msp/keystore/priv_sk 600`],
      ...[`${home}/msp/signcerts/${id}-cert.pem 644`, `${home}/msp/cacerts/ca.${name}-cert.pem 644`],
      `${home}/msp/tlscacerts/tlsca.${name}-cert.pem 644`,
    ];
    const files = [
      ...[`ca/ca.${name}-cert.pem 644`, 'ca/priv_sk 600', `tlsca/tlsca.${name}-cert.pem 644`, 'tlsca/priv_sk 600'],
      ...['msp/config.yaml 644', `msp/cacerts/ca.${name}-cert.pem 644`, `msp/tlscacerts/tlsca.${name}-cert.pem 644`],
      ...msp(`peers/peer0.${name}`, `peer0.${name}`),
      ...['ca.crt 644', 'server.crt 644', 'server.key 600'].map((file) => `peers/peer0.${name}/tls/${file}`),
      ...['Admin', 'User1'].flatMap((user) => [
        ...msp(`users/${user}@${name}`, `${user}@${name}`),
        ...['ca.crt 644', 'client.crt 644', 'client.key 600'].map((file) => `users/${user}@${name}/tls/${file}`),
      ]),
    ];
    expect(tree(org1).filter((path) => !path.endsWith('/'))).toEqual(files.sort());
  });

  it("name the role in the unit, and the host and localhost in a server's certificate", () => {
    const at = (...names: string[]) => new X509Certificate(readFileSync(join(org1, ...names)));
    const user = at('users', 'User1@org1.example.com', 'msp', 'signcerts', 'User1@org1.example.com-cert.pem');
    expect(user.subject).toContain('OU=client');
    expect(user.checkIssued(at('ca', 'ca.org1.example.com-cert.pem'))).toBe(true);
    const server = at('peers', 'peer0.org1.example.com', 'tls', 'server.crt');
    expect([server.checkHost('peer0.org1.example.com'), server.checkHost('localhost')]).toEqual([
      'peer0.org1.example.com',
      'localhost',
    ]);
    expect(server.checkIssued(at('tlsca', 'tlsca.org1.example.com-cert.pem'))).toBe(true);
    expect(readFileSync(join(org1, 'msp', 'config.yaml'), 'utf8')).toContain('OrganizationalUnitIdentifier: admin');
  });

  it('are kept, and completed where a user is new or a start was cut short', async () => {
    const before = tree(org1);
    const key = readFileSync(join(org1, 'ca', 'priv_sk'), 'utf8');
    rmSync(join(org1, 'users', 'User1@org1.example.com', 'msp', 'signcerts'), { recursive: true });
    await layOut(planIn(ours));
    expect(tree(org1)).toEqual(before);
    expect(readFileSync(join(org1, 'ca', 'priv_sk'), 'utf8')).toBe(key);
    await layOut({ ...planIn(ours), users: ['User1', 'alice'] });
    expect(existsSync(join(org1, 'users', 'alice@org1.example.com', 'msp', 'keystore', 'priv_sk'))).toBe(true);
    rmSync(join(org1, 'users', 'alice@org1.example.com'), { recursive: true });
  });

  it('are refused where one is without its key', async () => {
    const other = planIn(join(folder, 'damaged'));
    await layOut(other);
    rmSync(join(other.folder, 'ca', 'priv_sk'));
    await expect(layOut(other)).rejects.toThrow(/ca\.org1\.example\.com-cert\.pem is there without its key/);
  });

  it.runIf(found)("are cryptogen's tree, file by file, and cryptogen's own are taken as they are", async () => {
    const theirs = join(folder, 'theirs');
    const config = join(folder, 'crypto-config.yaml');
    writeFileSync(
      config,
      `PeerOrgs:
  - { Name: Org1, Domain: org1.example.com, EnableNodeOUs: true, Template: { Count: 1, SANS: [localhost] }, Users: { Count: 1 } }
OrdererOrgs:
  - { Name: Orderer, Domain: example.com, EnableNodeOUs: true, Specs: [{ Hostname: orderer, SANS: [localhost] }] }
`,
    );
    execFileSync(cryptogen ?? '', ['generate', `--config=${config}`, `--output=${theirs}`]);
    const before = tree(theirs);
    expect(tree(ours)).toEqual(before);
    const configs = [ours, theirs].map((root) => readFileSync(join(planIn(root).folder, 'msp', 'config.yaml'), 'utf8'));
    expect(configs[0]).toBe(configs[1]);
    const material = await layOut(planIn(theirs));
    await layOut(orderersIn(theirs));
    expect(tree(theirs)).toEqual(before);
    const peer = new X509Certificate(material.hosts.get('peer0.org1.example.com')?.identity.certPem ?? '');
    expect(peer.checkIssued(new X509Certificate(material.ca.certPem))).toBe(true);
  });
});
