import 'reflect-metadata';
import { createHash, randomBytes, randomUUID, webcrypto } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { NewAlert } from '#chaincode/model/alert.ts';
import type { StoredCategory } from '#chaincode/model/healthRecord.ts';
import type { ContentWrap, SignedStatement } from '#chaincode/model/policy.ts';
import type { Anchored, Batch } from '#chaincode/model/telemetry.ts';
import { tokenStateOf, tokenStates } from '#chaincode/model/token.ts';
import type { DispenseReceipt } from '#crypto/dispenseReceipt.ts';
import type { Receipt } from '#crypto/receipt.ts';
import { startPostgres } from '#network/database/postgres.ts';
import { AppError } from '#server/errors.ts';
import type { Portal } from '#server/portal.ts';
import type {
  AlertRequest,
  AnchorRequest,
  AttestationReply,
  CaptureReply,
  CaptureRequest,
  CertificateAuthority,
  HelpRequest,
  ReleasedShare,
} from '../gateways/connector/connector.ts';
import { openDatabase } from '../gateways/db/database.ts';
import { migrate } from '../gateways/db/migrate.ts';
import { institutions, people } from '../gateways/db/schema/people.ts';
import type { Mint, Token } from '../gateways/ethereum/ethereum.ts';
import { type Issue, openEthereum, type SignedAttestation } from '../gateways/ethereum/ethereum.ts';
import { openFund } from '../gateways/ethereum/fund.ts';
import { openSettlement } from '../gateways/ethereum/settlement.ts';
import type { Call } from '../gateways/ethereum/submitter.ts';
import { type BlockCodec, cidOf } from '../gateways/ipfs/ipfs.ts';
import { createPerson, type NewPerson } from '../people/accounts.ts';
import { PersonalData } from '../people/personalData.ts';
import { operator } from '../people/policy.ts';
import type { Actor, Role } from '../people/schema.ts';
import { type TestKey, testKey } from './certificate.ts';
import { FakeLedger } from './fakeLedger.ts';
import { outgoingInMemory } from './outgoing.ts';

// Refusals are what these tests provoke; their log would bury the report.
process.env.LOG_LEVEL ??= 'silent';

/** Document storage in memory. */
class FakeIpfs {
  readonly blocks = new Map<string, Uint8Array>();
  down = false;

  async add(bytes: Uint8Array): Promise<string> {
    if (this.down) throw new AppError('IPFS_UNAVAILABLE', 'down in this test');
    const cid = cidOf(bytes);
    this.blocks.set(cid, bytes);
    return cid;
  }

  async putBlock(bytes: Uint8Array, codec: BlockCodec): Promise<string> {
    if (this.down) throw new AppError('IPFS_UNAVAILABLE', 'down in this test');
    const cid = cidOf(bytes, codec);
    this.blocks.set(cid, bytes);
    return cid;
  }

  async readBlock(cid: string): Promise<Uint8Array> {
    return this.read(cid);
  }

  async unpin(cid: string): Promise<void> {
    if (this.down) throw new AppError('IPFS_UNAVAILABLE', 'down in this test');
    this.blocks.delete(cid);
  }

  async read(cid: string): Promise<Uint8Array> {
    const bytes = this.blocks.get(cid);
    if (bytes === undefined) throw new AppError('NOT_FOUND', cid);
    return bytes;
  }

  async health(): Promise<void> {
    if (this.down) throw new AppError('IPFS_UNAVAILABLE', 'down in this test');
  }
}

/** The token contract in memory; ids are computed by the real gateway. */
class FakeEthereum {
  readonly mints = new Map<string, Mint>();
  /** Transactions that are mined and did nothing. */
  readonly reverted = new Set<string>();
  readonly tokens = new Map<string, Token>();
  readonly recorded: { tokenId: string; version: number }[] = [];
  /** Wallets by what they signed, signatures that the chain refuses, and the tokens of each batch. */
  readonly signers = new Map<string, string>();
  readonly refused = new Set<string>();
  readonly batches: string[][] = [];
  down = false;
  readonly #real = openEthereum({
    rpcUrl: 'http://127.0.0.1:1',
    tokenAddress: `0x${'11'.repeat(20)}`,
    submitterKey: `0x${'22'.repeat(32)}`,
    outgoing: outgoingInMemory(),
  });

  #check(): void {
    if (this.down) throw new AppError('ETHEREUM_UNAVAILABLE', 'down in this test');
  }

  tokenIdOf(prescriptionId: string): string {
    return this.#real.tokenIdOf(prescriptionId);
  }

  async readToken(tokenId: string): Promise<Token | undefined> {
    this.#check();
    return this.tokens.get(tokenId);
  }

  async issuerOf(issue: Issue, signature: string): Promise<string> {
    this.#check();
    return this.signers.get(signature) ?? this.#real.tokenIdOf(issue.tokenId).slice(0, 42);
  }

  async settle(): Promise<void> {
    this.#check();
  }

  async mintBatch(batch: { issue: Issue; signature: string }[]): Promise<{ transactionHash: string }> {
    this.#check();
    for (const { issue, signature } of batch) {
      if (this.refused.has(signature)) throw new AppError('WRONG_STATE', 'NotLicensed');
      if (this.tokens.has(issue.tokenId)) throw new AppError('WRONG_STATE', 'TokenExists');
    }
    const transactionHash = `0x${(this.batches.length + 1).toString(16).padStart(64, '0')}`;
    for (const { issue, signature } of batch) {
      const { tokenId, deadline: _, ...token } = issue;
      this.tokens.set(tokenId, { ...token, issuer: this.signers.get(signature) ?? '', state: 'active', version: 0 });
    }
    this.batches.push(batch.map(({ issue }) => issue.tokenId));
    return { transactionHash };
  }

  async recordStates(attested: SignedAttestation[]): Promise<{ transactionHash: string }> {
    this.#check();
    for (const { attestation } of attested) {
      const token = this.tokens.get(attestation.tokenId);
      if (token === undefined || attestation.version <= token.version)
        throw new AppError('WRONG_STATE', 'VersionNotRising');
    }
    for (const { attestation } of attested) await this.recordState(attestation);
    this.batches.push(attested.map(({ attestation }) => attestation.tokenId));
    return { transactionHash: `0x${'ab'.repeat(32)}` };
  }

  async readMint(hash: string, tokenId: string): Promise<Mint | undefined> {
    this.#check();
    if (this.reverted.has(hash)) throw new AppError('MINT_INVALID', `${hash} minted nothing`);
    const minted = this.mints.get(hash);
    const token = this.tokens.get(tokenId);
    return minted ?? (token && { tokenId, ...token });
  }

  async recordState({ tokenId, version, state }: { tokenId: string; version: number; state: number }) {
    this.#check();
    const token = this.tokens.get(tokenId);
    if (token === undefined || version <= token.version) throw new AppError('WRONG_STATE', 'VersionNotRising');
    token.version = version;
    token.state = tokenStates[state] ?? 'active';
    this.recorded.push({ tokenId, version });
    return { transactionHash: `0x${'ab'.repeat(32)}` };
  }

  /** Accounts that the contract knows as notaries'. */
  readonly notaries = new Set<string>();

  async isNotary(account: string): Promise<boolean> {
    this.#check();
    return this.notaries.has(account);
  }

  /** Calls of other contracts, of which this chain has none. */
  readonly submitted: Call[] = [];

  async submit(call: Call): Promise<{ transactionHash: string }> {
    this.#check();
    this.submitted.push(call);
    return { transactionHash: `0x${'cd'.repeat(32)}` };
  }

  async forward(method: string): Promise<unknown> {
    this.#check();
    return method === 'eth_chainId' ? '0x7a69' : null;
  }

  async blockNumber(): Promise<number> {
    this.#check();
    return 1;
  }
}

/** A connector that certifies everybody and attests what the ledger shows. */
class FakeConnector {
  readonly certificates = new Map<string, string>();
  /** Whose wallets were brought in line with the registry. */
  readonly settled: { subjectId: string; linked: string[] }[] = [];
  /** Its peer has not got the newest block. */
  lags = false;
  down = false;
  readonly #world: { ledger: FakeLedger; ethereum: FakeEthereum };

  constructor(world: { ledger: FakeLedger; ethereum: FakeEthereum }) {
    this.#world = world;
  }

  async enrol({ subjectId }: { subjectId: string }): Promise<{ certificatePem: string }> {
    if (this.down) throw new AppError('CONNECTOR_UNAVAILABLE', 'down in this test');
    const certificatePem = this.certificates.get(subjectId);
    if (certificatePem === undefined) throw new AppError('CONNECTOR_REFUSED', subjectId);
    return { certificatePem };
  }

  /** Certificates of next keys, by the CSR that asks for one. */
  readonly renewals = new Map<string, string>();

  async certify({ csrPem }: { csrPem: string }): Promise<{ certificatePem: string }> {
    if (this.down) throw new AppError('CONNECTOR_UNAVAILABLE', 'down in this test');
    const certificatePem = this.renewals.get(csrPem);
    if (certificatePem === undefined) throw new AppError('CONNECTOR_REFUSED', 'no such request');
    return { certificatePem };
  }

  certifyDevice(device: { csrPem: string }): Promise<{ certificatePem: string }> {
    return this.certify(device);
  }

  /** Roots that it answers. */
  readonly roots: CertificateAuthority[] = [];
  /** Institutions that were proposed through it. */
  readonly proposed: string[] = [];
  /** What it releases of the escrow, by organisation; of others nothing. */
  readonly shares = new Map<string, ReleasedShare[]>();

  async authorities(): Promise<CertificateAuthority[]> {
    if (this.down) throw new AppError('CONNECTOR_UNAVAILABLE', 'down in this test');
    return this.roots;
  }

  /** Registers them on the ledger of the tests. */
  async registerPatient({ pseudonym }: { pseudonym: string }): Promise<{ pseudonym: string }> {
    if (this.down) throw new AppError('CONNECTOR_UNAVAILABLE', 'down in this test');
    this.#world.ledger.entries.set(pseudonym, { pseudonym, status: 'active', version: 1 });
    return { pseudonym };
  }

  async proposeInstitution({ id }: { id: string }): Promise<{ id: string }> {
    if (this.down) throw new AppError('CONNECTOR_UNAVAILABLE', 'down in this test');
    if (this.proposed.includes(id)) throw new AppError('ALREADY_EXISTS', id);
    this.proposed.push(id);
    return { id };
  }

  async releaseShares({ mspId }: { mspId: string }): Promise<ReleasedShare[]> {
    if (this.down) throw new AppError('CONNECTOR_UNAVAILABLE', 'down in this test');
    const released = this.shares.get(mspId);
    if (released === undefined) throw new AppError('NO_CONSENT', mspId);
    return released;
  }

  async attest(prescriptionId: string): Promise<AttestationReply> {
    if (this.down) throw new AppError('CONNECTOR_UNAVAILABLE', 'down in this test');
    const state = this.#world.ledger.prescriptions.get(prescriptionId);
    if (state === undefined) throw new AppError('NOT_FOUND', prescriptionId);
    return {
      attestation: {
        tokenId: this.#world.ethereum.tokenIdOf(prescriptionId),
        state: tokenStates.indexOf(tokenStateOf(state)),
        version: state.version,
        channel: `0x${'ab'.repeat(32)}`,
        blockHash: `0x${'cd'.repeat(32)}`,
        deadline: 4_000_000_000,
      },
      signatures: [{ notary: `0x${'ef'.repeat(20)}`, signature: `0x${'01'.repeat(65)}` }],
    };
  }

  /** Receipts that it gives, by prescription; of others it says that they are not over. */
  readonly receipts = new Map<string, Receipt>();

  async receipt(prescriptionId: string): Promise<Receipt> {
    if (this.down) throw new AppError('CONNECTOR_UNAVAILABLE', 'down in this test');
    const receipt = this.receipts.get(prescriptionId);
    if (receipt === undefined) throw new AppError('WRONG_STATE', prescriptionId);
    return receipt;
  }

  /** Receipts of dispenses that it gives, by dispense; of others it says that there are none. */
  readonly dispenseReceipts = new Map<string, DispenseReceipt>();

  async dispenseReceipt(_prescriptionId: string, dispenseId: string): Promise<DispenseReceipt> {
    if (this.down) throw new AppError('CONNECTOR_UNAVAILABLE', 'down in this test');
    const receipt = this.dispenseReceipts.get(dispenseId);
    if (receipt === undefined) throw new AppError('NOT_FOUND', dispenseId);
    return receipt;
  }

  async settleWallets({ subjectId }: { subjectId: string }): Promise<{ linked: string[] }> {
    if (this.down) throw new AppError('CONNECTOR_UNAVAILABLE', 'down in this test');
    const linked = this.#world.ledger.standings.get(subjectId)?.practitioner.keys?.linkedWallets ?? [];
    this.settled.push({ subjectId, linked: [...linked] });
    return { linked: this.lags ? [] : linked };
  }

  async systemKeys({ system }: { system: string }): Promise<{ signingKeyHash: string; readingKey: string }> {
    if (this.down) throw new AppError('CONNECTOR_UNAVAILABLE', 'down in this test');
    return { signingKeyHash: createHash('sha256').update(system).digest('hex'), readingKey: 'R'.repeat(1622) };
  }

  async capture(request: CaptureRequest): Promise<CaptureReply> {
    throw new AppError('CONNECTOR_UNAVAILABLE', `no contract of ${request.system} here`);
  }

  /** Batches that were anchored here, in order; a gateway's tests put a contract in its place. */
  readonly anchored: Batch[] = [];
  readonly alerts: NewAlert[] = [];

  async anchor({ batches }: AnchorRequest): Promise<Anchored> {
    if (this.down) throw new AppError('CONNECTOR_UNAVAILABLE', 'down in this test');
    const outcomes = batches.map((batch) => {
      const isKnown = this.anchored.some(({ id }) => id === batch.id);
      if (!isKnown) this.anchored.push(batch);
      return { id: batch.id, outcome: isKnown ? ('duplicate' as const) : ('accepted' as const) };
    });
    return { outcomes };
  }

  async alert({ raise, escalate }: AlertRequest): Promise<{ escalated: string[] }> {
    if (this.down) throw new AppError('CONNECTOR_UNAVAILABLE', 'down in this test');
    this.alerts.push(...raise);
    return { escalated: escalate };
  }

  async archiveKey({ patient }: { patient: string }): Promise<StoredCategory> {
    throw new AppError('RECORD_NOT_OPENED', patient);
  }

  /** What members of insurances have said through it; a test answers as the contract does. */
  readonly statements: { action: string; statement: SignedStatement }[] = [];
  brought: (action: string, statement: SignedStatement) => void = () => {};

  async bringStatement({ action, statement }: { action: string; statement: SignedStatement }) {
    if (this.down) throw new AppError('CONNECTOR_UNAVAILABLE', 'down in this test');
    this.brought(action, statement);
    this.statements.push({ action, statement });
    return { brought: true as const };
  }

  async memberWrap({ said }: SignedStatement): Promise<ContentWrap> {
    const { id, policy } = z.object({ id: z.string(), policy: z.string() }).parse(JSON.parse(said));
    return { id, reader: policy, wrap: 'W'.repeat(1558) };
  }

  /** What the fund's officer was asked for; a test has a chain in its place. */
  help: (request: HelpRequest) => Promise<{ amount: string; transactionHash: string }> = async () => {
    throw new AppError('CONNECTOR_UNAVAILABLE', 'no fund here');
  };

  async health(): Promise<void> {}
}

export interface Person {
  actor: Actor;
  key: TestKey;
  email: string;
}

/** A portal on a real PostgreSQL with fakes at the other gateways. */
export class World {
  readonly portal: Portal;
  readonly ledger: FakeLedger;
  readonly ipfs: FakeIpfs;
  readonly ethereum: FakeEthereum;
  readonly connector: FakeConnector;
  readonly #stop: () => Promise<void>;

  private constructor(databaseUrl: string, stop: () => Promise<void>) {
    this.ledger = new FakeLedger();
    this.ipfs = new FakeIpfs();
    this.ethereum = new FakeEthereum();
    this.connector = new FakeConnector(this);
    this.#stop = stop;
    const database = openDatabase(databaseUrl);
    this.portal = {
      db: database.db,
      ledger: this.ledger,
      ipfs: this.ipfs,
      ethereum: this.ethereum,
      settlement: openSettlement({
        rpcUrl: 'http://127.0.0.1:1',
        settlementAddress: `0x${'33'.repeat(20)}`,
        submit: (call) => this.ethereum.submit(call),
      }),
      fund: openFund({
        ...{ rpcUrl: 'http://127.0.0.1:1', fundAddress: `0x${'66'.repeat(20)}`, coin: `0x${'44'.repeat(20)}` },
        ...{ fromBlock: 0, confirmations: 2, submit: (call) => this.ethereum.submit(call) },
      }),
      connector: this.connector,
      adjudicators: {},
      personalData: new PersonalData(randomBytes(32)),
      settings: {
        url: 'http://localhost:3000',
        databaseUrl,
        mode: 'demonstration',
        secret: randomBytes(32).toString('hex'),
        relay: { intervalMs: 100, batch: 50 },
        payments: {
          ...{ coin: `0x${'44'.repeat(20)}`, currency: 'EUR', contract: `0x${'55'.repeat(20)}` },
          ...{ fromBlock: 0, confirmations: 2 },
        },
      },
      close: async () => {
        this.ledger.close();
        await database.close();
      },
    };
  }

  static async start(): Promise<World> {
    const dir = await mkdtemp(join(tmpdir(), 'medloom-server-'));
    const postgres = await startPostgres({ dir: join(dir, 'pg'), logFile: join(dir, 'pg.log') });
    await migrate(postgres.url);
    const world = new World(postgres.url, async () => {
      await postgres.stop();
      await rm(dir, { recursive: true, force: true });
    });
    await world.portal.db.insert(institutions).values([
      { id: 'inst-north-hospital', kind: 'hospital', name: 'North Hospital', mspId: 'HospitalMSP' },
      { id: 'inst-south-hospital', kind: 'hospital', name: 'South Hospital', mspId: 'HospitalMSP' },
      { id: 'inst-river-pharmacy', kind: 'pharmacy', name: 'River Pharmacy', mspId: 'PharmacyMSP' },
      { id: 'inst-hill-pharmacy', kind: 'pharmacy', name: 'Hill Pharmacy', mspId: 'PharmacyMSP' },
      { id: 'inst-the-authority', kind: 'authority', name: 'Authority', mspId: 'RegulatorMSP' },
    ]);
    return world;
  }

  async stop(): Promise<void> {
    await this.portal.close();
    await this.#stop();
  }

  /** A person with a certificate, as enrolment would leave them, without password and vault. */
  async person(role: Role, institutionId: string | null, extra: Partial<NewPerson> = {}): Promise<Person> {
    const email = extra.email ?? `${randomUUID()}@example.org`;
    const mspId = role === 'patient' ? 'PatientMSP' : role === 'pharmacist' ? 'PharmacyMSP' : 'HospitalMSP';
    const { personId, subjectId } = await createPerson(
      operator,
      { role, mspId, name: 'Test Person', email, ...(institutionId === null ? {} : { institutionId }), ...extra },
      this.portal,
    );
    const key = await testKey(subjectId);
    await this.portal.db
      .update(people)
      .set({ certificatePem: key.certificatePem, readingKey: 'reading-key', enrolledAt: new Date() })
      .where(eq(people.id, personId));
    const actor: Actor = {
      personId,
      sessionId: randomUUID(),
      role,
      name: extra.name ?? 'Test Person',
      subjectId,
      institutionId,
      institutionName: null,
      mspId,
      enrolled: true,
    };
    return { actor, key, email };
  }
}

/** SHA-256 in hex. */
export const hex = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Random base32 name of ids. */
export function name26(): string {
  return [...webcrypto.getRandomValues(new Uint8Array(26))]
    .map((byte) => 'abcdefghijklmnopqrstuvwxyz234567'[byte % 32])
    .join('');
}
