import { createHash } from 'node:crypto';
import type { AccessTerms } from '../model/access.ts';
import { type Category, categories } from '../model/category.ts';
import type { ConsentTerms, RequestTerms } from '../model/consent.ts';
import {
  type CategoryEpoch,
  type DocumentSecrets,
  escrowReader,
  type IndexHead,
  type NewEpochs,
  type NewIndex,
  type RecordDocument,
  type SeedWrap,
} from '../model/healthRecord.ts';
import { escrowMsps } from '../model/patient.ts';
import {
  documentStatement,
  epochStatement,
  escrowStatement,
  indexStatement,
  wrapStatement,
} from '../model/statements.ts';
import { giveFactor } from './factors.ts';
import type { Identity } from './identity.ts';
import { bytesOf, instant, institutions, patientIds, serial } from './samples.ts';
import { confirmed, signStatement, type TestCredential } from './signing.ts';
import { Care, createWorld, practitionerIdOf, type StaffName, submitToRegistry, type World } from './world.ts';

/** A patient's record as its people make it in tests; what is encrypted elsewhere is filled up here. */

/** Base64url that is the same for the same words; as long as a wrap of 32 bytes. */
export function filled(words: string, length = 1558): string {
  let text = '';
  for (let part = 0; text.length < length; part += 1) {
    text += createHash('sha512').update(`${words} ${part}`).digest('base64url');
  }
  return text.slice(0, length);
}
export const hexOf = (words: string) => createHash('sha256').update(words).digest('hex');
export const cidOf = (words: string) =>
  `b${hexOf(words)
    .replaceAll(/[0189]/g, 'a')
    .slice(0, 58)}`;
export const readingKeyHash = (key: string) => createHash('sha256').update(Buffer.from(key, 'base64url')).digest('hex');

export const ids = {
  document: (seed: number) => `doc-0-${serial(seed)}`,
  consent: (seed: number) => `con-0-${serial(seed)}`,
  request: (seed: number) => `req-0-${serial(seed)}`,
  access: (seed: number) => `acc-0-${serial(seed)}`,
  emergency: (seed: number) => `emg-0-${serial(seed)}`,
  representation: (seed: number) => `rep-0-${serial(seed)}`,
};

/** Somebody who signs for a patient, with the own pseudonym. */
export interface Signer {
  identity: Identity;
  id: string;
}

export const escrowReaders = escrowMsps.map(escrowReader);
const confirmers = ['patient', 'otherPatient', 'distantRepresentative', 'doctor', 'otherDoctor', 'pharmacist'] as const;
export type Confirmer = (typeof confirmers)[number];

/** The world with escrow keys on the registry and second factors of those who confirm. */
export interface RecordWorld extends World {
  credentials: Record<Confirmer, TestCredential>;
}

let prepared: Promise<RecordWorld> | undefined;

export async function createRecordWorld(): Promise<RecordWorld> {
  prepared ??= createWorld().then(prepareRecords);
  const world = await prepared;
  return { ...world, ledger: world.ledger.clone() };
}

/** Registers escrow keys and second factors. */
export async function prepareRecords<W extends World>(world: W): Promise<W & RecordWorld> {
  for (const mspId of escrowMsps) {
    const officer = world.registrars[mspId];
    const said = { mspId, readingKey: officer.keys.readingKey, version: 1 };
    const signature = signStatement(officer, escrowStatement(said));
    const key = { ...said, certificatePem: officer.certificatePem, signature };
    await submitToRegistry(world, officer, 'putEscrowKey', JSON.stringify(key));
  }
  const credentials = {} as Record<Confirmer, TestCredential>;
  for (const name of confirmers) {
    credentials[name] = await giveFactor(world, name);
  }
  return { ...world, credentials };
}

/** Terms that permit a person to read to treat, unless changed. */
export function termsFor(name: StaffName, change: Partial<ConsentTerms> = {}): ConsentTerms {
  return {
    decision: 'permit',
    grantee: { kind: 'person', id: practitionerIdOf(name) },
    categories: ['clinical'],
    purposes: ['TREAT'],
    from: instant(-1000),
    ...change,
  };
}

/** What is otherwise than usual about a grant. */
export interface GrantChange {
  answers?: string;
  wraps?: SeedWrap[];
  epochs?: CategoryEpoch[];
  /** Whose second factor; false for none. */
  confirmedBy?: Confirmer | false;
}

function confirmerOf({ id }: Signer): Confirmer {
  if (id === patientIds.distantRepresentative) return 'distantRepresentative';
  return id === patientIds.patient ? 'patient' : 'otherPatient';
}

/** The functions of `records`, `consents` and `access` as people call them. */
export class RecordCare extends Care {
  declare readonly world: RecordWorld;
  /** Whose record it is. */
  readonly subject: string;
  readonly patient: Signer;
  readonly epochs = new Map<Category, number>();

  constructor(world: RecordWorld, subject: string = patientIds.patient) {
    super(world);
    this.subject = subject;
    this.patient = { identity: world.people.patient, id: patientIds.patient };
  }

  /** The same ledger with a count of epochs that this one does not follow. */
  unnoticed(): RecordCare {
    const other = new RecordCare(this.world, this.subject);
    for (const [category, epoch] of this.epochs) other.epochs.set(category, epoch);
    return other;
  }

  epochOf(category: Category, epoch: number, by = this.patient, change: Partial<CategoryEpoch> = {}): CategoryEpoch {
    const said = {
      category,
      epoch,
      publicKey: filled(`key ${category} ${epoch}`, 1622),
      ...(epoch > 1 && { ladder: filled(`ladder ${category} ${epoch}`, 88) }),
      ...change,
    };
    return {
      ...said,
      signature: signStatement(by.identity, epochStatement(this.subject, by.id, said)),
      ...change,
    };
  }

  wrapOf(
    category: Category,
    epoch: number,
    reader: string,
    by = this.patient,
    change: Partial<SeedWrap> = {},
  ): SeedWrap {
    const readerKeyHash = readingKeyHash(this.world.people.patient.keys.readingKey);
    const said = {
      category,
      epoch,
      reader,
      readerKeyHash,
      wrap: filled(`seed ${category} ${epoch} ${reader}`),
      ...change,
    };
    return {
      ...said,
      signature: signStatement(by.identity, wrapStatement(this.subject, by.id, said)),
      ...change,
    };
  }

  /** The next epochs of categories with seeds for the patient, escrow and further readers. */
  nextEpochs(named: readonly Category[], readers: readonly string[] = [], by = this.patient): NewEpochs {
    const next = named.map((category) => ({ category, epoch: (this.epochs.get(category) ?? 0) + 1 }));
    // A ward has no key for which a seed could be wrapped.
    const own = this.subject === patientIds.ward ? [] : [this.subject];
    const all = new Set([...own, by.id, ...escrowReaders, ...readers]);
    return {
      epochs: next.map(({ category, epoch }) => this.epochOf(category, epoch, by)),
      wraps: next.flatMap(({ category, epoch }) => [...all].map((reader) => this.wrapOf(category, epoch, reader, by))),
    };
  }

  private took({ epochs }: NewEpochs): void {
    for (const { category, epoch } of epochs) this.epochs.set(category, epoch);
  }

  async open(named: readonly Category[] = categories, by = this.patient): Promise<void> {
    const record = this.nextEpochs(named, [], by);
    await this.submit(by.identity, 'records:open', [this.subject], { record: bytesOf(record) });
    this.took(record);
  }

  async renew(named: readonly Category[], readers: readonly string[] = [], by = this.patient): Promise<void> {
    const record = this.nextEpochs(named, readers, by);
    await this.submit(by.identity, 'records:renewEpochs', [this.subject], { record: bytesOf(record) });
    this.took(record);
  }

  secretsOf(category: Category, change: Partial<DocumentSecrets> = {}): DocumentSecrets {
    return {
      category,
      epoch: this.epochs.get(category) ?? 1,
      wrap: filled(`key of a document ${category}`),
      ...change,
    };
  }

  documentOf(
    seed: number,
    secrets: DocumentSecrets,
    author: Signer,
    change: Partial<RecordDocument> = {},
  ): RecordDocument {
    const said = {
      id: ids.document(seed),
      patient: this.subject,
      cid: cidOf(`document ${seed}`),
      contentHash: hexOf(`document ${seed}`),
      attachments: [],
      keyCommitment: filled(`commitment ${seed}`, 43),
      ...change,
    };
    return {
      ...said,
      signature: signStatement(author.identity, documentStatement(author.id, said, secrets)),
      ...change,
    };
  }

  /** Adds document number `seed` and gives its id. */
  async add(seed: number, category: Category, author = this.staff('doctor'), change: Partial<RecordDocument> = {}) {
    const secrets = this.secretsOf(category);
    const document = this.documentOf(seed, secrets, author, change);
    await this.submit(author.identity, 'records:add', [JSON.stringify(document)], { record: bytesOf(secrets) });
    return document.id;
  }

  staff(name: StaffName): Signer {
    return { identity: this.world.people[name], id: practitionerIdOf(name) };
  }

  retract(id: string, by = this.staff('doctor')) {
    return this.submit(by.identity, 'records:retract', [id, 'of another patient']);
  }

  headOf(category: Category, version: number, by = this.patient, change: Partial<IndexHead> = {}): IndexHead {
    const said = {
      category,
      epoch: this.epochs.get(category) ?? 1,
      version,
      cid: cidOf(`index ${category} ${version}`),
      contentHash: hexOf(`index ${category} ${version}`),
      segments: [cidOf(`segment ${category} ${version}`)],
      ...change,
    };
    return {
      ...said,
      signature: signStatement(by.identity, indexStatement(this.subject, by.id, said)),
      ...change,
    };
  }

  putIndex(
    category: Category,
    version: number,
    covers: NewIndex['covers'],
    by = this.patient,
    change: Partial<IndexHead> = {},
  ) {
    const record: NewIndex = { head: this.headOf(category, version, by, change), covers };
    return this.submit(by.identity, 'records:putIndex', [this.subject], { record: bytesOf(record) });
  }

  /** Transient data with the second factor over the call. */
  confirm(name: Confirmer, called: string, args: string[], transient: Record<string, Uint8Array> = {}) {
    const call = { channel: this.channel, contract: 'care', function: called, args, transient };
    return confirmed(this.world.credentials[name], call);
  }

  /** Call of consent number `seed`, with the seeds of present epochs where it permits a person; changed at will. */
  grantOrder(seed: number, terms: ConsentTerms, by: Signer = this.patient, change: GrantChange = {}) {
    const { answers, wraps = this.wrapsFor(terms, by), epochs = [], confirmedBy = confirmerOf(by) } = change;
    const args = [JSON.stringify({ id: ids.consent(seed), patient: this.subject, ...(answers && { answers }) })];
    const transient = { consent: bytesOf(terms), record: bytesOf({ epochs, wraps }) };
    const confirmed = confirmedBy ? this.confirm(confirmedBy, 'consents:grant', args, transient) : transient;
    return this.order(by.identity, 'consents:grant', args, confirmed);
  }

  private wrapsFor({ decision, grantee, categories: named }: ConsentTerms, by: Signer): SeedWrap[] {
    if (decision === 'deny' || grantee.kind !== 'person') return [];
    return named.map((category) => this.wrapOf(category, this.epochs.get(category) ?? 1, grantee.id, by));
  }

  /** Grants consent number `seed` and gives its id. */
  async grant(seed: number, terms: ConsentTerms, by: Signer = this.patient, change: GrantChange = {}): Promise<string> {
    await this.world.ledger.submit(this.grantOrder(seed, terms, by, change));
    return ids.consent(seed);
  }

  /** Revokes a consent that permitted categories, with their next epochs for the patient and readers that remain. */
  async revoke(id: string, named: readonly Category[], readers: readonly string[] = [], by = this.patient) {
    const record = this.nextEpochs(named, readers, by);
    const endorsed = await this.submit(by.identity, 'consents:revoke', [id], { record: bytesOf(record) });
    this.took(record);
    return endorsed;
  }

  requestConsent(seed: number, terms: RequestTerms, by = this.staff('doctor')) {
    const args = [JSON.stringify({ id: ids.request(seed), patient: this.subject })];
    return this.submit(by.identity, 'consents:request', args, { consent: bytesOf(terms) });
  }

  /** Requests access number `seed` and gives its id. */
  async requestAccess(seed: number, terms: AccessTerms, by = this.staff('doctor'), emergency?: string) {
    const args = [JSON.stringify({ id: ids.access(seed), patient: this.subject, ...(emergency && { emergency }) })];
    await this.submit(by.identity, 'access:request', args, { access: bytesOf(terms) });
    return ids.access(seed);
  }

  /** Opens emergency number `seed` and gives its id. */
  async openEmergency(seed: number, name: 'doctor' | 'otherDoctor' = 'doctor'): Promise<string> {
    const reason = 'unconscious after a fall';
    const args = [JSON.stringify({ id: ids.emergency(seed), patient: this.subject, reason })];
    const transient = this.confirm(name, 'access:openEmergency', args);
    await this.submit(this.world.people[name], 'access:openEmergency', args, transient);
    return ids.emergency(seed);
  }

  confirmEmergency(id: string, name: Confirmer = 'otherDoctor') {
    const transient = this.confirm(name, 'access:confirmEmergency', [id]);
    return this.submit(this.world.people[name], 'access:confirmEmergency', [id], transient);
  }

  /** Somebody acts for the patient from now on. */
  async appoint(
    seed: number,
    until?: string,
    name: 'otherPatient' | 'distantRepresentative' = 'otherPatient',
  ): Promise<Signer> {
    const representative = patientIds[name];
    const appointment = {
      id: ids.representation(seed),
      patient: this.subject,
      representative,
      ...(until && { until }),
    };
    const args = [JSON.stringify(appointment)];
    const transient = this.confirm('patient', 'patients:appoint', args);
    await this.submit(this.patient.identity, 'patients:appoint', args, transient);
    return { identity: this.world.people[name], id: representative };
  }
}

export const hospital = institutions.hospital.id;
