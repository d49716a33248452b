/** People with real vaults on the real contracts, whose state is in memory: what the worker makes is judged as on a ledger. */
import { createPrivateKey } from 'node:crypto';
import type { z } from 'zod';
import { escrowMsps } from '#chaincode/model/patient.ts';
import type { DevicePurpose, PractitionerRole } from '#chaincode/model/registry.ts';
import type { Identity } from '#chaincode/testing/identity.ts';
import { TestLedger } from '#chaincode/testing/ledger.ts';
import { type InstitutionName, institutionOf, institutions, validLicence } from '#chaincode/testing/samples.ts';
import { confirmed, createCredential, type TestCredential } from '#chaincode/testing/signing.ts';
import { certificateKeyHash } from '#crypto/certificateRequest.ts';
import { newIdentifier, newPseudonym } from '#crypto/identifier.ts';
import type { ClaimedReader } from '#crypto/reader.ts';
import { generateSigningKey, importSigningKey } from '#crypto/signingKey.ts';
import { createTestAuthority, type TestAuthority } from '#crypto/testAuthority.ts';
import { createReadingKey } from '#crypto/wrap.ts';
import { ledgerCall, type ReadIntent, secondFactorOf, type TransactionIntent } from '#server/transactions/schema.ts';
import type { CircleStore } from './circleStore.ts';
import type { OutgoingBlock } from './documentOperations.ts';
import type { VaultKeeper } from './keeper.ts';
import { newPerson, openKeeper, type TestPerson } from './testing.ts';

const mspIds = [...escrowMsps, 'PatientMSP', 'InsurerMSP'] as const;
type Msp = (typeof mspIds)[number];
/** Institutions that people can be of here. */
type Employer = Exclude<InstitutionName, 'maker' | 'wholesaler'>;

/** Somebody with keys on the ledger. */
export interface Member extends TestPerson {
  id: string;
  keeper: VaultKeeper;
  identity: Identity;
  /** A second factor besides what the vault makes. */
  factor: TestCredential;
}

export type PersonClaim = Extract<ClaimedReader, { kind: 'person' }>;

/** A member as a server names a reader. */
export const claimOf = ({ id, readingKey, owner }: Member): PersonClaim => ({
  kind: 'person',
  id,
  readingKey,
  certificatePem: owner.certificatePem,
});

/** Organisations with their authorities and registrars, the people, the blocks that they uploaded, and the ledger. */
export class ContractWorld {
  readonly ledger = new TestLedger();
  readonly blocks = new Map<string, Uint8Array>();
  /** Of everybody, as the portal gives them. */
  readonly certificates: string[] = [];
  readonly registrars: Record<Msp, Identity>;
  readonly #authorities: Record<Msp, TestAuthority>;
  /** Who has a second factor on the ledger. */
  readonly #confirming = new Set<string>();

  private constructor(authorities: Record<Msp, TestAuthority>, registrars: Record<Msp, Identity>) {
    this.#authorities = authorities;
    this.registrars = registrars;
  }

  /** With a hospital of which people can be. */
  static async begin(): Promise<ContractWorld> {
    const made = await Promise.all(
      mspIds.map(async (mspId) => {
        const authority = await createTestAuthority(mspId);
        const pkcs8 = await generateSigningKey();
        const { publicKey } = await importSigningKey(pkcs8);
        const { pem } = await authority.issue({ role: 'registrar' }, { publicKey });
        return { mspId, authority, registrar: await identityOf(mspId, pem, pkcs8) };
      }),
    );
    const all = <T>(of: (one: (typeof made)[number]) => T) =>
      Object.fromEntries(made.map((one) => [one.mspId, of(one)])) as Record<Msp, T>;
    const world = new ContractWorld(
      all(({ authority }) => authority),
      all(({ registrar }) => registrar),
    );
    const hospital = institutionOf('hospital');
    await world.#registry(world.registrars.HospitalMSP, 'proposeInstitution', JSON.stringify(hospital));
    await world.#registry(world.registrars.RegulatorMSP, 'admitInstitution', hospital.id);
    return world;
  }

  #registry(caller: Identity, name: string, ...args: string[]) {
    return this.ledger.submit({ channel: 'registry', contract: 'registry', function: name, args, caller });
  }

  async #join(id: string, mspId: Msp, attributes: Record<string, string>): Promise<Member> {
    const roots = mspIds.map((each) => ({ mspId: each, pem: this.#authorities[each].pem }));
    const person = await newPerson(id, mspId, { authority: this.#authorities[mspId], attributes, roots });
    const { certificatePem } = person.owner;
    this.certificates.push(certificatePem);
    const identity = await identityOf(mspId, certificatePem, person.contents.signingKey, person.readingKey);
    return { ...person, id, identity, keeper: await this.browserOf(person), factor: createCredential() };
  }

  /** A browser of somebody in which the keys are open; with `circles`, one that was here before. */
  browserOf(person: Pick<TestPerson, 'owner' | 'recoveryPhrase'>, circles?: CircleStore): Promise<VaultKeeper> {
    const blocks = async (cids: string[]) => cids.map((cid) => this.blocks.get(cid) ?? new Uint8Array());
    return openKeeper(person, { blocks, ...(circles && { circles }) });
  }

  /** A patient of care channel 0, or somebody of the hospital's staff. */
  async patient(): Promise<Member> {
    const id = newPseudonym(0);
    const member = await this.#join(id, 'PatientMSP', { role: 'patient' });
    const args = [JSON.stringify({ pseudonym: id, keys: member.identity.keys })];
    const call = { channel: 'care-0', contract: 'care', function: 'patients:register', args };
    await this.ledger.submit({ ...call, caller: this.registrars.PatientMSP });
    const { credential } = member.factor;
    return this.#confirms(member, { kind: 'patients:addCredential', pseudonym: id, credential });
  }

  /** The same patient with other keys, of which no ledger knows yet. */
  async withOtherKeys({ id }: Pick<Member, 'id'>): Promise<Member> {
    return this.#join(id, 'PatientMSP', { role: 'patient' });
  }

  /** A patient of care channel 0 without keys. */
  async ward(): Promise<string> {
    const pseudonym = newPseudonym(0);
    const call = { channel: 'care-0', contract: 'care', function: 'patients:register' };
    await this.ledger.submit({
      ...{ ...call, args: [JSON.stringify({ pseudonym })], caller: this.registrars.HospitalMSP },
    });
    return pseudonym;
  }

  async #confirms(member: Member, intent: TransactionIntent): Promise<Member> {
    await this.submit(member, intent);
    this.#confirming.add(member.id);
    return member;
  }

  /** The authority, which its staff may be of from now on. */
  admitAuthority(): Promise<string> {
    return this.admit('authority');
  }

  /** An institution, which its staff may be of from now on. */
  async admit(name: Employer): Promise<string> {
    const institution = institutionOf(name);
    await this.#registry(this.registrars[institutions[name].mspId], 'proposeInstitution', JSON.stringify(institution));
    await this.#registry(this.registrars.RegulatorMSP, 'admitInstitution', institution.id);
    return institution.id;
  }

  async staff(role: PractitionerRole, employer: Employer = 'hospital'): Promise<Member> {
    const id = newIdentifier('prac');
    const { id: institution, mspId } = institutions[employer];
    const member = await this.#join(id, mspId, { institution, role });
    const registrar = this.registrars[mspId];
    const registration = { id, institutionId: institution, role, licence: validLicence() };
    await this.#registry(registrar, 'registerPractitioner', JSON.stringify(registration));
    await this.#registry(registrar, 'enrolKeys', id, JSON.stringify(member.identity.keys));
    const { credential } = member.factor;
    return this.#confirms(member, { kind: 'addCredential', subject: id, credential });
  }

  /** A sensor of the hospital, or another device: its keys are those of a member, and nobody's browser opens them. */
  async device(employer: Employer = 'hospital', purpose: DevicePurpose = 'sensor'): Promise<Member> {
    const id = newIdentifier('dev');
    const { id: institutionId, mspId } = institutions[employer];
    const member = await this.#join(id, mspId, { role: 'device', institution: institutionId });
    const { signingKeyHash, readingKey } = member.identity.keys;
    const device = { id, institutionId, model: 'Pulse 3', serialHash: 'a'.repeat(64), purpose };
    const registration = JSON.stringify({ ...device, keys: { signingKeyHash, readingKey } });
    await this.#registry(this.registrars[mspId], 'registerDevice', registration);
    return member;
  }

  /** Suspends somebody of the hospital, or a device of it; the care channel is told as the portal tells it. */
  async suspend({ id }: Pick<Member, 'id'>): Promise<void> {
    const name = id.startsWith('dev-') ? 'setDeviceStatus' : 'setPractitionerStatus';
    await this.#registry(this.registrars.HospitalMSP, name, id, 'suspended');
  }

  upload(blocks: readonly OutgoingBlock[]): void {
    for (const { cid, bytes } of blocks) this.blocks.set(cid, bytes);
  }

  /** Submits what somebody signs, with the second factor where the ledger demands one and the intent brings none. */
  async submit(by: Member, intent: TransactionIntent): Promise<void> {
    const call = ledgerCall(intent);
    const brings = Object.hasOwn(call.transient, 'assertion');
    const demanded = !brings && secondFactorOf(intent) !== 'never' && this.#confirming.has(by.id);
    const transient = demanded ? confirmed(by.factor, call) : call.transient;
    await this.ledger.submit({ ...call, transient, caller: by.identity });
  }

  /** What the ledger tells somebody's own key. */
  async read<Shape extends z.ZodType>(by: Member, intent: ReadIntent, shape: Shape): Promise<z.infer<Shape>> {
    return shape.parse(await this.ledger.evaluate({ ...ledgerCall(intent), caller: by.identity }));
  }

  /** What everybody may ask. */
  async ask<Shape extends z.ZodType>(shape: Shape, channel: string, name: string, ...args: string[]) {
    const contract = channel === 'registry' || channel === 'claims' ? channel : 'care';
    const caller = this.registrars.HospitalMSP;
    return shape.parse(await this.ledger.evaluate({ channel, contract, function: name, args, caller }));
  }
}

async function identityOf(
  mspId: string,
  certificatePem: string,
  pkcs8: Uint8Array,
  readingKey?: string,
): Promise<Identity> {
  return {
    mspId,
    certificatePem,
    privateKey: createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' }),
    keys: {
      signingKeyHash: certificateKeyHash(certificatePem),
      readingKey: readingKey ?? (await createReadingKey()).publicKey,
      wallet: '',
    },
  };
}
