import { createHash, X509Certificate } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Contract, GatewayError, type Transaction } from '@hyperledger/fabric-gateway';
import { type LedgerErrorCode, parseLedgerError } from '#chaincode/model/errors.ts';
import type { PublicKeys } from '#chaincode/model/registry.ts';
import { compileChaincode } from '#chaincode/testing/compile.ts';
import { type ServedProcess, startServe } from '#chaincode/testing/process.ts';
import { contracts } from '../channels.ts';
import type { ChannelConfig } from '../devnet/config.ts';
import { startDevnet } from '../devnet/devnet.ts';
import { connectClient, type TestClient } from '../devnet/testing/client.ts';
import { type Credential, createOrganisation, enrol, type TestOrganisation } from '../devnet/testing/organisations.ts';
import { devnetOf, type FabricPlan } from '../fabric/plan.ts';
import { packageIdsOf, startFabric } from '../fabric/startFabric.ts';
import { fabricPlan } from '../fabric/testing/plan.ts';
import { findFreePorts } from '../ports.ts';
import { ledgerName } from './ledgers/variable.ts';

const peerMsps = ['HospitalMSP', 'PharmacyMSP', 'RegulatorMSP'] as const;
/** Runs a peer where `claims` is among the channels; otherwise its people use another one's gateway, as those of the last two do. */
const insurerMsp = 'InsurerMSP';
const msps = [...peerMsps, insurerMsp, 'SupplyMSP', 'PatientMSP'] as const;
type Msp = (typeof msps)[number];
export const contractNames = ['registry', 'care', 'supply', 'claims'] as const;
export type ContractName = (typeof contractNames)[number];

/** Functions that write and answer all the same. */
const answering = ['capture', 'telemetry:anchor'];

export interface Person extends Credential {
  keys: PublicKeys;
}

export interface CallOptions {
  /** `registry`, `care-0`, `supply-0` or `claims` when left out. */
  channel?: string;
  transient?: Record<string, Uint8Array>;
  endorsers?: string[];
}

/** What a consortium runs: `claims` brings the channel of that name, and a peer of the insurers. */
interface Extent {
  claims?: boolean;
}

/** Three organisations with peers, and others and patients with clients, on the devnet or on Fabric, with the real chaincode processes. */
export class Consortium {
  private readonly clients = new Map<string, TestClient>();
  private readonly organisations: Record<Msp, TestOrganisation>;
  private readonly ledger: RunningLedger;
  private readonly channels: readonly ChannelConfig[];
  private readonly release: () => Promise<void>;
  /** On which channel what was endorsed is to be committed. */
  private readonly channelOf = new WeakMap<Transaction, string>();

  private constructor(
    organisations: Record<Msp, TestOrganisation>,
    ledger: RunningLedger,
    channels: readonly ChannelConfig[],
    release: () => Promise<void>,
  ) {
    this.organisations = organisations;
    this.ledger = ledger;
    this.channels = channels;
    this.release = release;
  }

  /** On the ledger under test unless another is named. Throws a StepError where Fabric's programs are missing. */
  static async start(name = ledgerName(), { claims = false }: Extent = {}): Promise<Consortium> {
    const folder = await mkdtemp(join(tmpdir(), 'medloom-consortium-'));
    const compiled = await compileChaincode();
    const served: ServedProcess[] = [];
    const release = async () => {
      for (const { child } of served) child.kill('SIGKILL');
      await Promise.all(served.map(({ end }) => end));
      compiled.remove();
      await rm(folder, { recursive: true, force: true });
    };
    try {
      const organisations = {
        HospitalMSP: await createOrganisation('HospitalMSP', true),
        PharmacyMSP: await createOrganisation('PharmacyMSP', true),
        RegulatorMSP: await createOrganisation('RegulatorMSP', true),
        InsurerMSP: await createOrganisation('InsurerMSP', claims),
        SupplyMSP: await createOrganisation('SupplyMSP', false),
        PatientMSP: await createOrganisation('PatientMSP', false),
      };
      const addresses: Record<ContractName, Record<string, string>> = {
        registry: {},
        care: {},
        supply: {},
        claims: {},
      };
      const everywhere = contractNames.filter((contract) => claims || contract !== 'claims');
      const running: [mspId: string, run: readonly ContractName[]][] = [
        ...peerMsps.map((mspId): [string, ContractName[]] => [mspId, everywhere]),
        ...(claims ? [[insurerMsp, ['registry', 'claims']] satisfies [string, ContractName[]]] : []),
      ];
      const ports = await findFreePorts(running.flatMap(([, run]) => run).length);
      for (const [mspId, run] of running)
        for (const contract of run) addresses[contract][mspId] = `127.0.0.1:${ports.pop()}`;
      const channels = channelsOf(addresses);
      const packageIds = name === 'fabric' ? packageIdsOf(channels) : {};
      for (const [mspId, run] of running) {
        const own = Object.fromEntries(run.map((contract) => [contract, addresses[contract][mspId]]));
        const env = {
          CORE_PEER_LOCALMSPID: mspId,
          CHAINCODE_ADDRESSES: JSON.stringify(own),
          ...(packageIds[mspId] && { CHAINCODE_PACKAGE_IDS: JSON.stringify(packageIds[mspId]) }),
        };
        served.push(startServe(compiled.serveFile, env));
      }
      await Promise.all(served.map(({ ready }) => ready));
      const ledger = await startLedger(name, { stateDir: join(folder, 'state'), organisations, channels });
      return new Consortium(organisations, ledger, channels, release);
    } catch (error) {
      await release();
      throw error;
    }
  }

  async close(): Promise<void> {
    for (const client of this.clients.values()) client.close();
    await this.ledger.close();
    await this.release();
  }

  /** A person or officer with a certificate of the organisation's CA. */
  async enrol(mspId: string, attributes: Record<string, string>): Promise<Person> {
    const credential = await enrol(this.organisation(mspId), 'client', attributes);
    const spki = new X509Certificate(credential.certPem).publicKey.export({ type: 'spki', format: 'der' });
    const signingKeyHash = createHash('sha256').update(spki).digest('hex');
    return { ...credential, keys: { signingKeyHash, readingKey: 'R'.repeat(1622), wallet: '' } };
  }

  /** The gateway client of a person; those whose organisation has no peer use the hospitals' gateway. */
  client(person: Credential): TestClient {
    const hasGateway = this.ledger.gateways[person.mspId] !== undefined;
    return this.clientAt(hasGateway ? person.mspId : 'HospitalMSP', person);
  }

  private clientAt(mspId: string, person: Credential): TestClient {
    const address = this.ledger.gateways[mspId];
    if (address === undefined) throw new Error(`no gateway of ${mspId}`);
    const organisation = this.organisation(mspId);
    const key = `${mspId} ${person.certPem}`;
    const client = this.clients.get(key) ?? connectClient({ address, tlsCa: organisation.tlsCa, credential: person });
    this.clients.set(key, client);
    return client;
  }

  private organisation(mspId: string): TestOrganisation {
    const found = Object.values(this.organisations).find((candidate) => candidate.mspId === mspId);
    if (!found) throw new Error(`no organisation ${mspId}`);
    return found;
  }

  private contract(person: Credential, name: ContractName, channel: string): Contract {
    return this.client(person).gateway.getNetwork(channel).getContract(name);
  }

  /** Endorses; the result is checked to be empty, since it stays in the block, but for the functions that answer. */
  async endorse(person: Credential, name: ContractName, call: string[], options: CallOptions = {}) {
    const [functionName = '', ...args] = call;
    const { channel = homeOf(name) } = options;
    const proposal = this.contract(person, name, channel).newProposal(functionName, {
      arguments: args,
      ...(options.transient && { transientData: options.transient }),
      ...(options.endorsers && { endorsingOrganizations: options.endorsers }),
    });
    const transaction = await proposal.endorse();
    this.channelOf.set(transaction, channel);
    if (transaction.getResult().length > 0 && !answering.includes(functionName))
      throw new Error(`${functionName} answered something`);
    return transaction;
  }

  /** Submits and waits for the commit; gives the validation code's name-less number (0 is VALID). */
  async submit(person: Credential, name: ContractName, call: string[], options: CallOptions = {}) {
    const [code] = await this.commit(person, await this.endorse(person, name, call, options));
    return code;
  }

  /** Submits endorsed transactions at once; gives their codes when every organisation's peer has them, so that any may be read. */
  async commit(person: Credential, ...transactions: Transaction[]): Promise<number[]> {
    const submitted = await Promise.all(
      transactions.map(async (transaction) => ({
        peers: this.peersOf(transaction),
        commit: await transaction.submit(),
      })),
    );
    return Promise.all(
      submitted.map(async ({ peers, commit }) => {
        const { code } = await commit.getStatus();
        for (const mspId of peers) await this.clientAt(mspId, person).gateway.newCommit(commit.getBytes()).getStatus();
        return code;
      }),
    );
  }

  /** The organisations with a peer on a transaction's channel. */
  private peersOf(transaction: Transaction): readonly string[] {
    const name = this.channelOf.get(transaction);
    const channel = this.channels.find((one) => one.name === name);
    if (!channel) throw new Error(`a transaction of no channel of this consortium: ${name}`);
    return channel.organisations;
  }

  async evaluate<T>(person: Credential, name: ContractName, call: string[], channel = homeOf(name)): Promise<T> {
    const [functionName = '', ...args] = call;
    const bytes = await this.contract(person, name, channel).evaluateTransaction(functionName, ...args);
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  }
}

/** A ledger that was started for the contracts. */
interface RunningLedger {
  /** Gateway address by MSP. */
  gateways: Record<string, string | undefined>;
  close(): Promise<void>;
}

async function startLedger(
  name: string,
  options: { stateDir: string; organisations: Record<Msp, TestOrganisation>; channels: ChannelConfig[] },
): Promise<RunningLedger> {
  const { stateDir, channels } = options;
  const organisations = Object.values(options.organisations);
  const plan: FabricPlan = await fabricPlan({ stateDir, organisations, channels, batchTimeoutMs: 20, orderers: 1 });
  if (name === 'devnet') return startDevnet(devnetOf(plan));
  const fabric = await startFabric(plan);
  const gateways = Object.entries(fabric.gateways).map(([mspId, { address }]) => [mspId, address]);
  return { gateways: Object.fromEntries(gateways), close: () => fabric.stop() };
}

/** Channel on which a contract is called where none is named. */
function homeOf(name: ContractName): string {
  return name === 'registry' || name === 'claims' ? name : `${name}-0`;
}

function channelsOf(addresses: Record<ContractName, Record<string, string>>): ChannelConfig[] {
  const [institutionSecrets, authoritySecrets] = contracts.registry.collections;
  return [
    {
      name: 'registry',
      organisations: Object.keys(addresses.registry),
      chaincodes: [
        {
          name: 'registry',
          version: '1',
          endorsementPolicy: "AND('RegulatorMSP.peer', OR('HospitalMSP.peer', 'PharmacyMSP.peer'))",
          collections: [
            {
              ...institutionSecrets,
              policy: "OR('HospitalMSP.member', 'PharmacyMSP.member')",
              endorsementPolicy: "OutOf(2, 'HospitalMSP.peer', 'PharmacyMSP.peer')",
            },
            authoritySecrets,
          ],
          addresses: addresses.registry,
        },
      ],
    },
    ...['care-0', 'care-1'].map((name) => ({
      name,
      organisations: [...peerMsps],
      clients: [...peerMsps, 'PatientMSP'],
      chaincodes: [
        { name: 'care', ...contracts.care, collections: [...contracts.care.collections], addresses: addresses.care },
      ],
    })),
    {
      name: 'supply-0',
      organisations: [...peerMsps],
      clients: [...peerMsps, 'SupplyMSP'],
      chaincodes: [
        {
          ...{ name: 'supply', version: '1', endorsementPolicy: "AND('RegulatorMSP.peer', 'PharmacyMSP.peer')" },
          ...{ collections: [], addresses: addresses.supply },
        },
      ],
    },
    ...(insurerMsp in addresses.claims ? [claimsChannel(addresses.claims)] : []),
  ];
}

function claimsChannel(addresses: Record<string, string>): ChannelConfig {
  const { version, endorsementPolicy, collections } = contracts.claims;
  const organisations = Object.keys(addresses);
  return {
    ...{ name: 'claims', organisations, clients: [...organisations, 'PatientMSP'] },
    chaincodes: [{ name: 'claims', version, endorsementPolicy, collections: [...collections], addresses }],
  };
}

/** The contract's code in what the gateway answers. */
export async function gatewayRefusal(call: Promise<unknown>): Promise<LedgerErrorCode> {
  try {
    await call;
  } catch (error) {
    if (error instanceof GatewayError) {
      for (const message of [...error.details.map((detail) => detail.message), error.message]) {
        const refused = parseLedgerError(message);
        if (refused) return refused.code;
      }
    }
    throw error;
  }
  throw new Error('the call was not refused');
}
