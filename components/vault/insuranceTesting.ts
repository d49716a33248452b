import { type Claim, claimRecord } from '#chaincode/model/claim.ts';
import {
  type Authorisation,
  authorisationRecord,
  contentWrap,
  type Policy,
  policyRecord,
  wrapsTransientField,
} from '#chaincode/model/policy.ts';
import { institutionRecord } from '#chaincode/model/records.ts';
import { ownStaffWrap } from '#chaincode/model/staffWrap.ts';
import { planOf, termsOf } from '#chaincode/testing/claims.ts';
import { type InstitutionName, institutions } from '#chaincode/testing/samples.ts';
import { fromBase64Url, toBase64Url } from '#crypto/bytes.ts';
import { type BillingNote, sealBillingNote } from '#crypto/claim/billingNote.ts';
import { signDispense, testInsured, testPrescription } from '#crypto/claim/testClaim.ts';
import { disclose, encodeDisclosure } from '#crypto/commitment/disclosure.ts';
import { commitmentFields } from '#crypto/commitment/fields.ts';
import { writeDispenseReceipt } from '#crypto/dispenseReceipt.ts';
import { ContractWorld, claimOf, type Member } from './contractTesting.ts';
import type { Saying } from './memberOperations.ts';
import type { ClaimedInstitution } from './trust.ts';

type Staffed = 'hospital' | 'pharmacy' | 'insurer';
type People = Pick<InsuranceWorld, 'patient' | 'stranger' | 'pharmacist' | 'doctor' | 'adjuster' | 'adjudicator'>;

/** A patient with insurance, a pharmacy and a hospital that bill, and the insurer, with real vaults on the real contracts. */
export class InsuranceWorld {
  readonly bytes = new Map<string, Uint8Array>();
  private readonly admins = new Map<InstitutionName, Member>();
  readonly world: ContractWorld;
  readonly patient: Member;
  readonly stranger: Member;
  readonly pharmacist: Member;
  readonly doctor: Member;
  readonly adjuster: Member;
  readonly adjudicator: Member;

  private constructor(world: ContractWorld, people: People) {
    this.world = world;
    ({
      patient: this.patient,
      stranger: this.stranger,
      pharmacist: this.pharmacist,
      doctor: this.doctor,
      adjuster: this.adjuster,
      adjudicator: this.adjudicator,
    } = people);
  }

  /** With a plan that takes members, and the institutions' keys open for their staff. */
  static async begin(): Promise<InsuranceWorld> {
    const world = await ContractWorld.begin();
    for (const name of ['pharmacy', 'insurer'] as const) await world.admit(name);
    const scene = new InsuranceWorld(world, {
      ...{ patient: await world.patient(), stranger: await world.patient(), doctor: await world.staff('doctor') },
      pharmacist: await world.staff('pharmacist', 'pharmacy'),
      adjuster: await world.staff('insurer', 'insurer'),
      adjudicator: await world.device('insurer', 'adjudicator'),
    });
    const { doctor, pharmacist, adjuster } = scene;
    await scene.openKey('hospital', doctor);
    await scene.openKey('pharmacy', pharmacist);
    await scene.openKey('insurer', adjuster);
    const validFrom = new Date(Date.now() - 3_600_000).toISOString();
    const plan = { id: planOf(1), version: 1, validFrom, terms: termsOf() };
    await world.submit(adjuster, { kind: 'claims:publishPlan', plan });
    return scene;
  }

  /** The institution's key, made by its admin and open in the vault of one of its staff. */
  async openKey(name: Staffed, staff: Member): Promise<void> {
    const admin = await this.world.staff('admin', name);
    this.admins.set(name, admin);
    const { id: institution } = institutions[name];
    const made = await admin.keeper.makeInstitutionKey({ institution, staff: [admin, staff].map(claimOf) });
    await this.world.submit(admin, { kind: 'putInstitutionReading', institution, ...made });
    const own = await this.world.read(staff, { kind: 'readStaffWrap', institution }, ownStaffWrap);
    await staff.keeper.openInstitutionKey({ institution, own, certificates: this.world.certificates });
  }
  async readerOf(name: Staffed): Promise<ClaimedInstitution> {
    const { id } = institutions[name];
    const { reading } = await this.world.ask(institutionRecord, 'registry', 'readInstitution', id);
    if (reading === undefined) throw new RangeError('no reading key');
    return { kind: 'institution', id, reading, certificatePem: this.admins.get(name)?.owner.certificatePem ?? '' };
  }
  async insurerReaders() {
    return { insurer: await this.readerOf('insurer'), adjudicators: [claimOf(this.adjudicator)] };
  }

  /** Brings what a member says, as the registrar of the patients does. */
  async bring({ action, statement, wraps, envelope }: Saying): Promise<void> {
    const said: { details?: { cid: string }; card?: { cid: string }; message?: { cid: string } } = JSON.parse(
      statement.said,
    );
    const cid = (said.details ?? said.card ?? said.message)?.cid;
    if (cid !== undefined) this.bytes.set(cid, fromBase64Url(envelope ?? ''));
    await this.world.ledger.submit({
      ...{ channel: 'claims', contract: 'claims', function: `claims:${action}`, args: [JSON.stringify(statement)] },
      transient: wraps ? { [wrapsTransientField]: Buffer.from(JSON.stringify(wraps)) } : {},
      caller: this.world.registrars.PatientMSP,
    });
  }
  at(cid: string) {
    return this.bytes.get(cid) ?? new Uint8Array();
  }
  policyAt(id: string) {
    return this.world.ask(policyRecord, 'claims', 'claims:readPolicy', id);
  }
  authorisationAt(id: string) {
    return this.world.ask(authorisationRecord, 'claims', 'claims:readAuthorisation', id);
  }
  claimAt(id: string) {
    return this.world.ask(claimRecord, 'claims', 'claims:readClaim', id);
  }
  staffWrap(staff: Member, id: string) {
    return this.world.read(staff, { kind: 'claims:readWrap', id }, contentWrap);
  }
  async memberWrap(by: Member, policy: string, id: string) {
    const statement = await by.keeper.signMemberRead({ policy, id });
    const call = { channel: 'claims', contract: 'claims', function: 'claims:readWrapAsMember' };
    const caller = this.world.registrars.PatientMSP;
    return contentWrap.parse(await this.world.ledger.evaluate({ ...call, args: [JSON.stringify(statement)], caller }));
  }

  /** A policy of somebody, whom the insurer has taken. */
  async insure(by: Member, insured = testInsured): Promise<Policy> {
    const { policy, saying } = await by.keeper.composeApplication({
      ...{ plan: { id: planOf(1), insurer: institutions.insurer.id }, insured, readers: await this.insurerReaders() },
    });
    await this.bring(saying);
    const from = new Date(Date.now() - 60 * 24 * 3_600_000).toISOString();
    await this.world.submit(this.adjuster, {
      kind: 'claims:decidePolicy',
      id: policy,
      verdict: 'accept',
      terms: { from },
    });
    return this.policyAt(policy);
  }
  async authorise(
    by: Member,
    policy: Policy,
    name: 'hospital' | 'pharmacy' = 'pharmacy',
    evidence: Authorisation['evidence'] = ['dosage'],
  ) {
    const { authorisation, saying } = await by.keeper.composeAuthorisation({
      ...{ policy, institution: institutions[name].id, reader: await this.readerOf(name), evidence },
      details: { own: await this.memberWrap(by, policy.id, policy.id), bytes: this.at(policy.details.cid) },
      until: new Date(Date.now() + 30 * 24 * 3_600_000).toISOString(),
    });
    await this.bring(saying);
    return this.authorisationAt(authorisation);
  }
  async openCardOf(staff: Member, id: string) {
    const authorisation = await this.authorisationAt(id);
    const onLedger = { authorisation, policy: await this.policyAt(authorisation.policy) };
    const [card] = await staff.keeper.openCards({
      cards: [{ onLedger, own: await this.staffWrap(staff, id), bytes: this.at(authorisation.card.cid) }],
    });
    return card;
  }

  /** A hand-over of the pharmacy as it has kept it, and the notaries' receipt of it. */
  async handedOver(to: Member = this.patient) {
    const made = testPrescription(institutions.pharmacy.id);
    const record = {
      ...made.record,
      dispense: { ...made.record.dispense, at: new Date(Date.now() - 60_000).toISOString() },
    };
    const { id, dataKey, document } = made;
    const note: BillingNote = {
      ...{ version: 1, prescription: id, dispense: record.dispense.id, patient: to.id, quantity: 20, unit: 'tablet' },
      medicine: { coding: [{ system: 'urn:medloom:product-code', code: 'MP-10001' }], text: 'amoxicillin' },
      disclosure: toBase64Url(encodeDisclosure(disclose(dataKey, id, document, commitmentFields))),
    };
    const { reading } = await this.readerOf('pharmacy');
    const reader = { id: institutions.pharmacy.id, readingKey: reading.readingKey, generation: reading.generation };
    return {
      ...{ made, record, note: await sealBillingNote(note, reader) },
      receipt: writeDispenseReceipt(await signDispense(record)),
    };
  }
  async claimReaders(name: 'hospital' | 'pharmacy') {
    return {
      provider: await this.readerOf(name),
      insurer: await this.insurerReaders(),
    };
  }
  async bill(authorisation: string, of: Awaited<ReturnType<InsuranceWorld['handedOver']>>): Promise<Claim> {
    const intent = await this.pharmacist.keeper.composeDispenseClaim({
      ...{ authorisation, readers: await this.claimReaders('pharmacy'), currency: 'CHF', net: 2_480 },
      ...{ note: of.note, receipt: of.receipt },
    });
    await this.world.submit(this.pharmacist, intent);
    this.bytes.set(intent.submission.content.cid, fromBase64Url(intent.envelope));
    return this.claimAt(intent.submission.id);
  }
  bytesOf(claim: Claim) {
    return {
      content: this.at(claim.content.cid),
      explanations: claim.decisions.map(({ explanation }) => this.at(explanation.cid)),
      messages: claim.messages.map(({ cid }) => this.at(cid)),
    };
  }
}
