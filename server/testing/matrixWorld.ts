import { eq } from 'drizzle-orm';
import { accessRecord, emergency } from '#chaincode/model/access.ts';
import { consentRecord, consentRequest } from '#chaincode/model/consent.ts';
import { representation } from '#chaincode/model/patient.ts';
import { orderOf, type Prepared } from '#chaincode/testing/circumstances.ts';
import type { Identity } from '#chaincode/testing/identity.ts';
import type { Order, TestLedger } from '#chaincode/testing/ledger.ts';
import { type Action, type Role as MatrixRole, roles } from '#chaincode/testing/matrix.ts';
import { institutionOf, institutions, patientIds, serial } from '#chaincode/testing/samples.ts';
import { practitionerIdOf } from '#chaincode/testing/world.ts';
import { createSigner } from '#connector/ledger/signer.ts';
import type { Portal } from '#server/portal.ts';
import { projectAccesses, projectEmergencies } from '../access/readModel.ts';
import { projectConsents, projectRequests } from '../consents/readModel.ts';
import * as care from '../gateways/db/schema/care.ts';
import * as db from '../gateways/db/schema/people.ts';
import { sagaSteps, sagas } from '../gateways/db/schema/sagas.ts';
import { blocks } from '../gateways/db/schema/uploads.ts';
import { decodeProposal } from '../gateways/ledger/offline.ts';
import { projectRepresentations } from '../patients/readModel.ts';
import type { Actor, Role } from '../people/schema.ts';
import { evaluateRead, prepareRead } from '../transactions/reading.ts';
import {
  ledgerCall,
  readIntent,
  secondFactorOf,
  type TransactionIntent,
  transactionIntent,
  withSecondFactor,
} from '../transactions/schema.ts';
import { endorseTransaction, prepareTransaction } from '../transactions/service.ts';
import { ContractsLedger } from './contractsLedger.ts';
import type { World } from './world.ts';

/** The people and circumstances of the matrix at the portal: what its read models know, and each cell asked of its services. */

const at: Record<MatrixRole, { role: Role; institution?: keyof typeof institutions }> = {
  patient: { role: 'patient' },
  otherPatient: { role: 'patient' },
  doctor: { role: 'doctor', institution: 'hospital' },
  otherDoctor: { role: 'doctor', institution: 'hospital' },
  pharmacist: { role: 'pharmacist', institution: 'pharmacy' },
  admin: { role: 'admin', institution: 'hospital' },
  regulator: { role: 'regulator', institution: 'authority' },
  insurer: { role: 'insurer', institution: 'insurer' },
  stranger: { role: 'patient' },
};

const subjectOf = (role: MatrixRole): string => {
  if (role === 'patient' || role === 'otherPatient') return patientIds[role];
  return role === 'stranger' ? `pt-0-${serial(999)}` : practitionerIdOf(role);
};

export type Actors = Record<MatrixRole, Actor>;

/** Everybody with an account; the hospital treats the patients. */
export async function enlist(world: World, identities: Record<MatrixRole, Identity>): Promise<Actors> {
  const { portal } = world;
  const houses = (Object.keys(institutions) as (keyof typeof institutions)[]).map(institutionOf);
  await portal.db.insert(db.institutions).values(houses).onConflictDoNothing();
  const actors = {} as Actors;
  for (const name of roles) {
    const { role, institution } = at[name];
    const id = institution === undefined ? null : institutions[institution].id;
    const extra = role === 'patient' ? { treatedAt: [institutions.hospital.id] } : {};
    const { actor } = await world.person(role, id, extra);
    const { mspId, certificatePem } = identities[name];
    const subjectId = subjectOf(name);
    await portal.db.update(db.people).set({ subjectId, mspId, certificatePem }).where(eq(db.people.id, actor.personId));
    actors[name] = { ...actor, subjectId, mspId };
  }
  return actors;
}

const channel = 'care-0';

/** Brings the read models to what the ledger of a circumstance has, as who follows it would. */
async function follow({ db: database }: Portal, ledger: TestLedger): Promise<void> {
  for (const table of [sagaSteps, sagas, care.accesses, care.emergencies, care.consents, care.consentRequests]) {
    await database.delete(table);
  }
  await database.delete(care.representations);
  for (const { value } of ledger.namespace(channel, 'care').state.values()) {
    const text = Buffer.from(value).toString('utf8');
    // Others are entries of an index.
    if (!text.startsWith('{')) continue;
    const state: unknown = JSON.parse(text);
    const reading = accessRecord.safeParse(state);
    const proof = { transactionId: 'a'.repeat(64), blockNumber: 1 };
    if (reading.success) await projectAccesses(database, channel, [{ ...reading.data, ...proof }]);
    const stated = emergency.safeParse(state);
    if (stated.success) await projectEmergencies(database, channel, [stated.data]);
    const acting = representation.safeParse(state);
    if (acting.success) await projectRepresentations(database, channel, [acting.data]);
    const said = consentRecord.safeParse(state);
    if (said.success) await projectConsents(database, channel, [{ ...said.data, at: said.data.since }]);
    const asked = consentRequest.safeParse(state);
    if (asked.success) await projectRequests(database, channel, [asked.data]);
  }
}

/** Members of the intents, by the name of their argument's place or of their transient field. */
const members: Record<Action, string[]> = {
  add: ['document'],
  retract: ['id', 'reason'],
  putIndex: ['patient'],
  requestAccess: ['access'],
  read: ['id'],
  readDocuments: ['id', 'ids'],
  grant: ['consent'],
  revoke: ['id'],
  requestConsent: ['request'],
  decline: ['id'],
  withdraw: ['id'],
  openEmergency: ['emergency'],
  confirmEmergency: ['id'],
  reviewEmergency: ['id', 'review'],
  appoint: ['appointment'],
  endRepresentation: ['id', 'reason'],
};
const fields: Record<string, string> = { record: 'record', access: 'terms', consent: 'terms' };

/** The intent that a page would bring for a call. */
function describe(action: Action, { function: kind, args, transient = {} }: Order): object {
  const brought = members[action].map((name, place) => {
    const text = args[place] ?? '';
    return [name, /^[[{]/.test(text) ? JSON.parse(text) : text];
  });
  const hidden = Object.entries(transient).flatMap(([name, bytes]) => {
    const member = fields[name];
    return member === undefined ? [] : [[member, JSON.parse(Buffer.from(bytes).toString('utf8'))]];
  });
  return { kind, ...Object.fromEntries([...brought, ...hidden]) };
}

/** The matrix at the portal under one circumstance. */
export class ServiceMatrix {
  readonly #prepared: Prepared;
  readonly #portal: Portal;
  readonly #actors: Actors;
  readonly #people: Record<MatrixRole, Identity>;

  private constructor(prepared: Prepared, portal: Portal, actors: Actors, people: Record<MatrixRole, Identity>) {
    this.#prepared = prepared;
    this.#portal = portal;
    this.#actors = actors;
    this.#people = people;
  }

  static async of(world: World, prepared: Prepared, actors: Actors): Promise<ServiceMatrix> {
    const { people, ledger: contracts } = prepared.care.world;
    const ledger = new ContractsLedger(contracts, Object.values(people), people.service);
    if (prepared.circumstance === 'backdatedProposal') ledger.at = new Date(Date.now() - 3 * 60_000);
    const portal = { ...world.portal, ledger };
    await follow(portal, contracts);
    return new ServiceMatrix(prepared, portal, actors, people);
  }

  /** Asks the service as far as an endorsement, or an answer; nothing is committed. Throws what refuses it. */
  async ask(action: Action, role: MatrixRole): Promise<void> {
    const described = describe(action, orderOf(this.#prepared, action, role));
    const reading = readIntent.safeParse(described);
    const [actor, portal] = [this.#actors[role], this.#portal];
    const sign = createSigner(this.#people[role].privateKey);
    const signed = async (proposal: string) =>
      Buffer.from(await sign(decodeProposal(Buffer.from(proposal, 'base64url')).signedBytes)).toString('base64url');
    if (reading.success) {
      const { proposal } = await prepareRead(actor, reading.data, portal);
      await evaluateRead(actor, { proposal, proposalSignature: await signed(proposal) }, portal);
      return;
    }
    const intent = this.#confirmed(role, transactionIntent.parse(described));
    await this.#upload(intent);
    const { sagaId, proposal } = await prepareTransaction(actor, intent, portal);
    await endorseTransaction(actor, { sagaId, proposal, proposalSignature: await signed(proposal) }, portal);
  }

  #confirmed(role: MatrixRole, intent: TransactionIntent): TransactionIntent {
    const { credentials } = this.#prepared.care.world;
    const credential = Object.entries(credentials).find(([of]) => of === role)?.[1];
    if (credential === undefined || secondFactorOf(intent) !== 'always') return intent;
    return withSecondFactor(intent, credential.assert(ledgerCall(intent)));
  }

  /** Blocks come before what names them. */
  async #upload(intent: TransactionIntent): Promise<void> {
    const cids =
      intent.kind === 'records:add'
        ? [intent.document.cid, ...intent.document.attachments]
        : intent.kind === 'records:putIndex'
          ? [intent.record.head.cid, ...intent.record.head.segments]
          : [];
    if (cids.length === 0) return;
    const rows = cids.map((cid) => ({ cid, patient: patientIds.patient, bytes: 1, stored: true, kept: true }));
    await this.#portal.db.insert(blocks).values(rows).onConflictDoNothing();
  }
}
