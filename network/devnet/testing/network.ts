import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client, credentials } from '@grpc/grpc-js';
import { connect, type Gateway, hash, type Identity, type Signer } from '@hyperledger/fabric-gateway';
import { type Authority, createKey, issueAuthority, issueLeaf } from '#network/organisations/certificates.ts';
import type { ChannelConfig, DevnetConfig } from '../config.ts';
import { signLowS } from '../identity/signature.ts';

const root = join(import.meta.dirname, '../../..');

/** A certificate with its key, as PEM. */
export interface Credential {
  mspId: string;
  certPem: string;
  keyPem: string;
}

/** An MSP of a test network: its CA, and its peer's material. */
export interface TestOrganisation {
  mspId: string;
  ca: Authority;
  tlsCa: Authority;
  peer?: NonNullable<DevnetConfig['organisations'][number]['peer']>;
}

/** Issues a certificate of an organisation. */
export async function enrol(
  organisation: TestOrganisation,
  unit: 'client' | 'peer' | 'admin' | 'orderer' = 'client',
  attributes?: Record<string, string>,
): Promise<Credential> {
  const keyPem = await createKey();
  const certPem = await issueLeaf(
    organisation.ca,
    {
      commonName: `${unit} of ${organisation.mspId}`,
      unit,
      organisation: organisation.mspId,
      ...(attributes && { attributes }),
    },
    keyPem,
  );
  return { mspId: organisation.mspId, certPem, keyPem };
}

async function authority(name: string, mspId: string): Promise<Authority> {
  const keyPem = await createKey();
  return { keyPem, certPem: await issueAuthority(name, mspId, keyPem) };
}

/** Makes an organisation, with a peer if asked. */
export async function createOrganisation(mspId: string, withPeer: boolean): Promise<TestOrganisation> {
  const organisation: TestOrganisation = {
    mspId,
    ca: await authority(`${mspId} CA`, mspId),
    tlsCa: await authority(`${mspId} TLS CA`, mspId),
  };
  if (!withPeer) return organisation;
  const peer = await enrol(organisation, 'peer');
  const tlsKeyPem = await createKey();
  const tlsCertPem = await issueLeaf(
    organisation.tlsCa,
    { commonName: 'peer', unit: 'peer', organisation: mspId, tlsNames: { dns: ['localhost'], ip: ['127.0.0.1'] } },
    tlsKeyPem,
  );
  organisation.peer = { address: '127.0.0.1:0', certPem: peer.certPem, keyPem: peer.keyPem, tlsCertPem, tlsKeyPem };
  return organisation;
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Compiles the probe chaincode with tsc, for its decorator metadata, into a folder that fabric-shim can start. */
export async function compileProbe(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'medloom-probe-'));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'probe', version: '1.0.0', main: 'probe.cjs' }));
  const options = ['--target', 'es2022', '--module', 'nodenext', '--skipLibCheck', '--strict', '--ignoreConfig'];
  const decorators = ['--experimentalDecorators', '--emitDecoratorMetadata', '--types', 'node'];
  const source = join(import.meta.dirname, 'probe.cts');
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  await promisify(execFile)(process.execPath, [compiler, source, ...options, ...decorators, '--outDir', folder], {
    cwd: root,
  }).catch((error: Error & { stdout?: string }) => {
    throw new Error(`the probe does not compile: ${error.stdout || error.message}`);
  });
  return folder;
}

/** Starts the probe chaincode of an organisation as a service, with the stock command of fabric-shim. */
export function startProbe(folder: string, mspId: string, port: number): ChildProcess {
  return spawn(
    process.execPath,
    [
      join(root, 'node_modules/fabric-shim/cli.js'),
      'server',
      '--chaincode-address',
      `127.0.0.1:${port}`,
      '--chaincode-id',
      'probe:1',
      '--module-path',
      folder,
    ],
    {
      cwd: folder,
      stdio: 'ignore',
      env: { ...process.env, CORE_PEER_LOCALMSPID: mspId, CORE_CHAINCODE_LOGGING_LEVEL: 'error' },
    },
  );
}

/** Ends a child and waits until it is gone. */
export async function stop(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await gone;
}

/** Repeats an attempt until it succeeds. */
export async function eventually<Value>(attempt: () => Promise<Value>, limitMs = 15_000): Promise<Value> {
  const end = Date.now() + limitMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > end) throw error;
      await delay(20);
    }
  }
}

/** Alpha, Beta and Gamma with peers and probe processes, Guest with clients only, and two channels. */
export class TestNetwork {
  readonly folder: string;
  readonly organisations: Record<'alpha' | 'beta' | 'gamma' | 'guest', TestOrganisation>;
  readonly config: DevnetConfig;
  readonly #probe: string;
  readonly #chaincodes = new Map<string, { child: ChildProcess; port: number }>();

  private constructor(
    folder: string,
    probe: string,
    organisations: TestNetwork['organisations'],
    config: DevnetConfig,
    chaincodes: Map<string, { child: ChildProcess; port: number }>,
  ) {
    this.folder = folder;
    this.#probe = probe;
    this.organisations = organisations;
    this.config = config;
    this.#chaincodes = chaincodes;
  }

  static async create(): Promise<TestNetwork> {
    const folder = await mkdtemp(join(tmpdir(), 'medloom-devnet-'));
    const [probe, alpha, beta, gamma, guest, ordering] = await Promise.all([
      compileProbe(),
      createOrganisation('AlphaMSP', true),
      createOrganisation('BetaMSP', true),
      createOrganisation('GammaMSP', true),
      createOrganisation('GuestMSP', false),
      createOrganisation('OrdererMSP', false),
    ]);
    const chaincodes = new Map<string, { child: ChildProcess; port: number }>();
    for (const { mspId } of [alpha, beta, gamma]) {
      const port = await freePort();
      chaincodes.set(mspId, { child: startProbe(probe, mspId, port), port });
    }
    const addressOf = (mspId: string) => `127.0.0.1:${chaincodes.get(mspId)?.port}`;
    const orderer = await enrol(ordering, 'orderer');
    const organisations = { alpha, beta, gamma, guest };
    const config: DevnetConfig = {
      stateDir: join(folder, 'state'),
      batchTimeoutMs: 20,
      organisations: Object.values(organisations).map(({ mspId, ca, peer }) => ({
        mspId,
        rootCertPem: ca.certPem,
        ...(peer && { peer }),
      })),
      orderer: {
        mspId: 'OrdererMSP',
        certPem: orderer.certPem,
        keyPem: orderer.keyPem,
        rootCertPem: ordering.ca.certPem,
      },
      channels: [channel('one', addressOf), channel('two', addressOf)],
    };
    return new TestNetwork(folder, probe, organisations, config, chaincodes);
  }

  /** Kills an organisation's chaincode process at once. */
  async killChaincode(mspId: string): Promise<void> {
    const entry = this.#chaincodes.get(mspId);
    if (entry) await stop(entry.child, 'SIGKILL');
  }

  startChaincode(mspId: string): void {
    const entry = this.#chaincodes.get(mspId);
    if (entry) entry.child = startProbe(this.#probe, mspId, entry.port);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#chaincodes.values()].map(({ child }) => stop(child, 'SIGKILL')));
    await rm(this.folder, { recursive: true, force: true });
    await rm(this.#probe, { recursive: true, force: true });
  }
}

function channel(name: string, addressOf: (mspId: string) => string): ChannelConfig {
  const members = ['AlphaMSP', 'BetaMSP', 'GammaMSP'];
  return {
    name,
    organisations: members,
    chaincodes: [
      {
        name: 'probe',
        version: '1.0',
        endorsementPolicy: "OutOf(2, 'AlphaMSP.peer', 'BetaMSP.peer', 'GammaMSP.peer')",
        collections: [
          {
            name: 'secrets',
            policy: "OR('AlphaMSP.member', 'BetaMSP.member', 'GuestMSP.member')",
            requiredPeerCount: 0,
            maxPeerCount: 3,
            blockToLive: 0,
            memberOnlyRead: true,
            memberOnlyWrite: false,
          },
          {
            name: 'fleeting',
            policy: "OR('AlphaMSP.member', 'BetaMSP.member')",
            requiredPeerCount: 0,
            maxPeerCount: 3,
            blockToLive: 2,
            memberOnlyRead: true,
            memberOnlyWrite: true,
            endorsementPolicy: "'AlphaMSP.peer'",
          },
          {
            name: 'alone',
            policy: "OR('AlphaMSP.member')",
            requiredPeerCount: 0,
            maxPeerCount: 3,
            blockToLive: 0,
            memberOnlyRead: true,
            memberOnlyWrite: true,
          },
        ],
        addresses: Object.fromEntries(members.map((mspId) => [mspId, addressOf(mspId)])),
      },
    ],
  };
}

/** A client of one organisation's gateway, with the stock fabric-gateway. */
export interface TestClient extends Disposable {
  gateway: Gateway;
  grpc: Client;
  close(): void;
}

export function identityOf({ mspId, certPem }: Credential): Identity {
  return { mspId, credentials: Buffer.from(certPem) };
}

/** Signs whole messages (no pre-hashing) with OpenSSL, low S. */
export function signerOf({ keyPem }: Credential): Signer {
  const key = createPrivateKey(keyPem);
  return async (message) => signLowS(key, message);
}

/** A signer whose key is not the certificate's. */
export function strangerSigner(): Signer {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return async (message) => signLowS(privateKey, message);
}

/** Connects to an organisation's gateway over TLS. Without a signer the client signs offline. */
export function connectClient(options: {
  address: string;
  tlsCa: Authority;
  credential: Credential;
  signer?: Signer | null;
}): TestClient {
  const { address, tlsCa, credential } = options;
  const signer = options.signer === undefined ? signerOf(credential) : options.signer;
  const grpc = new Client(address, credentials.createSsl(Buffer.from(tlsCa.certPem)), {
    'grpc.ssl_target_name_override': 'localhost',
  });
  const gateway = connect({
    client: grpc,
    identity: identityOf(credential),
    hash: hash.none,
    ...(signer && { signer }),
  });
  const close = () => {
    gateway.close();
    grpc.close();
  };
  return { gateway, grpc, close, [Symbol.dispose]: close };
}
