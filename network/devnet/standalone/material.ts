import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Authority, createKey, issueAuthority, issueLeaf } from '#network/organisations/certificates.ts';
import { replaceFile } from '#network/processes/replaceFile.ts';
import { DevnetError } from '../config.ts';

/** As long as cryptogen's certificates last, and an authority's. */
const leafDays = 3650;

/** A certificate with its key, as PEM. */
export interface Credential {
  certPem: string;
  keyPem: string;
}

/** What an organisation's folder holds: see `layOut`. */
export interface Material {
  ca: Authority;
  tlsCa: Authority;
  /** Identity and TLS of each host, by its full name. */
  hosts: Map<string, { identity: Credential; tls: Credential }>;
}

export interface MaterialPlan {
  /** The organisation's own folder: `<certificates>/peerOrganizations/<domain>`, or `ordererOrganizations`. */
  folder: string;
  domain: string;
  kind: 'peer' | 'orderer';
  /** Short names of its peers or orderers, such as `peer0`. */
  hosts: readonly string[];
  /** Names of its users beside Admin, such as `User1`. */
  users: readonly string[];
}

/**
 * Makes an organisation's certificates where they are not there yet, in the places and under the names that Fabric's
 * cryptogen gives them: `ca`, `tlsca`, `msp`, `peers/<host>.<domain>/{msp,tls}` (or `orderers`) and
 * `users/<name>@<domain>/{msp,tls}`. What is there is kept, also when cryptogen made it. Throws a DevnetError for what does
 * not fit together.
 */
export async function layOut(plan: MaterialPlan): Promise<Material> {
  const { folder, domain } = plan;
  const ca = await ensureAuthority(join(folder, 'ca'), `ca.${domain}`, domain);
  const tlsCa = await ensureAuthority(join(folder, 'tlsca'), `tlsca.${domain}`, domain);
  await ensureMsp(join(folder, 'msp'), plan, ca, tlsCa);
  const identity = (dir: string, commonName: string, unit: 'peer' | 'orderer' | 'client' | 'admin') =>
    ensureIdentity(dir, plan, { commonName, unit, ca, tlsCa });
  const tls = (dir: string, file: 'server' | 'client', commonName: string, dns: string[]) =>
    ensureTls(dir, file, plan, { commonName, dns, tlsCa });
  const hosts: Material['hosts'] = new Map();
  for (const host of plan.hosts) {
    const name = `${host}.${domain}`;
    const home = join(folder, plan.kind === 'peer' ? 'peers' : 'orderers', name);
    hosts.set(name, {
      identity: await identity(join(home, 'msp'), name, plan.kind),
      tls: await tls(join(home, 'tls'), 'server', name, [name, host, 'localhost']),
    });
  }
  for (const user of ['Admin', ...plan.users]) {
    const name = `${user}@${domain}`;
    const home = join(folder, 'users', name);
    await identity(join(home, 'msp'), name, user === 'Admin' ? 'admin' : 'client');
    await tls(join(home, 'tls'), 'client', name, []);
  }
  return { ca, tlsCa, hosts };
}

/** The one file of a folder, whatever its name is; undefined where the folder is empty or absent. */
async function onlyFile(folder: string): Promise<string | undefined> {
  if (!existsSync(folder)) return undefined;
  const [file, ...others] = await readdir(folder);
  if (others.length > 0) throw new DevnetError(`${folder} holds more than one file`);
  return file === undefined ? undefined : join(folder, file);
}

/** Reads a key, or makes it; a certificate without its key cannot be completed. */
async function ensureKey(file: string, certificate: string | undefined): Promise<string> {
  if (existsSync(file)) return readFile(file, 'utf8');
  if (certificate !== undefined) throw new DevnetError(`${certificate} is there without its key ${file}`);
  const keyPem = await createKey();
  await replaceFile(file, keyPem, 0o600);
  return keyPem;
}

async function ensureCertificate(
  files: { certificate: string; key: string },
  issue: (keyPem: string) => Promise<string>,
): Promise<Credential> {
  const present = existsSync(files.certificate) ? files.certificate : undefined;
  const keyPem = await ensureKey(files.key, present);
  if (present !== undefined) return { certPem: await readFile(present, 'utf8'), keyPem };
  const certPem = await issue(keyPem);
  await replaceFile(files.certificate, certPem, 0o644);
  return { certPem, keyPem };
}

function ensureAuthority(folder: string, name: string, domain: string): Promise<Authority> {
  const files = { certificate: join(folder, `${name}-cert.pem`), key: join(folder, 'priv_sk') };
  return ensureCertificate(files, (keyPem) => issueAuthority(name, domain, keyPem));
}

/** The folder of an MSP without an identity: its authorities, and which unit of a certificate gives which role. */
async function ensureMsp(folder: string, { domain }: MaterialPlan, ca: Authority, tlsCa: Authority): Promise<void> {
  await mkdir(join(folder, 'admincerts'), { recursive: true });
  const files = {
    [join('cacerts', `ca.${domain}-cert.pem`)]: ca.certPem,
    [join('tlscacerts', `tlsca.${domain}-cert.pem`)]: tlsCa.certPem,
    'config.yaml': nodeUnits(domain),
  };
  for (const [file, content] of Object.entries(files))
    if (!existsSync(join(folder, file))) await replaceFile(join(folder, file), content, 0o644);
}

async function ensureIdentity(
  folder: string,
  plan: MaterialPlan,
  request: { commonName: string; unit: 'peer' | 'orderer' | 'client' | 'admin'; ca: Authority; tlsCa: Authority },
): Promise<Credential> {
  const { commonName, unit, ca, tlsCa } = request;
  await ensureMsp(folder, plan, ca, tlsCa);
  const [signcerts, keystore] = [join(folder, 'signcerts'), join(folder, 'keystore')];
  const files = {
    certificate: (await onlyFile(signcerts)) ?? join(signcerts, `${commonName}-cert.pem`),
    key: (await onlyFile(keystore)) ?? join(keystore, 'priv_sk'),
  };
  return ensureCertificate(files, (keyPem) =>
    issueLeaf(ca, { commonName, unit, organisation: plan.domain, days: leafDays }, keyPem),
  );
}

async function ensureTls(
  folder: string,
  file: 'server' | 'client',
  { domain, kind }: MaterialPlan,
  { commonName, dns, tlsCa }: { commonName: string; dns: string[]; tlsCa: Authority },
): Promise<Credential> {
  const tlsNames = { dns, ip: file === 'server' ? ['127.0.0.1'] : [] };
  const files = { certificate: join(folder, `${file}.crt`), key: join(folder, `${file}.key`) };
  const unit = file === 'server' ? kind : 'client';
  const issued = await ensureCertificate(files, (keyPem) =>
    issueLeaf(tlsCa, { commonName, unit, organisation: domain, tlsNames, days: leafDays }, keyPem),
  );
  if (!existsSync(join(folder, 'ca.crt'))) await replaceFile(join(folder, 'ca.crt'), tlsCa.certPem, 0o644);
  return issued;
}

function nodeUnits(domain: string): string {
  const units = ['Client', 'Peer', 'Admin', 'Orderer'].map(
    (unit) => `    ${unit}OUIdentifier:
        Certificate: cacerts/ca.${domain}-cert.pem
        OrganizationalUnitIdentifier: ${unit.toLowerCase()}
`,
  );
  return `NodeOUs:\n    Enable: true\n${units.join('')}`;
}
