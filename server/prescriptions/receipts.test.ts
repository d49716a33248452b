import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  type DispenseReceipt,
  type DispenseRecord,
  dispenseReceiptDomain,
  dispenseReceiptMessage,
  dispenseReceiptTypes,
  readDispenseReceipt as parseDispenseReceipt,
  verifyDispenseReceipt,
} from '#crypto/dispenseReceipt.ts';
import {
  readReceipt as parseReceipt,
  type Receipt,
  receiptDomain,
  receiptMessage,
  receiptTypes,
  verifyReceipt,
} from '#crypto/receipt.ts';
import { AppError } from '#server/errors.ts';
import { rateLimits } from '../gateways/db/schema/session.ts';
import { roles } from '../people/schema.ts';
import { dispenseOf, issueFor, transact } from '../testing/intents.ts';
import { type Person, World } from '../testing/world.ts';
import { readDispenseReceipt, readReceipt } from './receipts.ts';

let world: World;
let doctor: Person;
let colleague: Person;
let patient: Person;
let stranger: Person;
let pharmacist: Person;
let otherPharmacist: Person;
const notary = privateKeyToAccount(`0x${'11'.repeat(32)}`);
const token = { chainId: 31337, contract: `0x${'44'.repeat(20)}` } as const;

beforeAll(async () => {
  world = await World.start();
  doctor = await world.person('doctor', 'inst-north-hospital');
  colleague = await world.person('doctor', 'inst-north-hospital');
  patient = await world.person('patient', null, { treatedAt: ['inst-north-hospital'] });
  stranger = await world.person('patient', null, { treatedAt: ['inst-north-hospital'] });
  pharmacist = await world.person('pharmacist', 'inst-river-pharmacy');
  otherPharmacist = await world.person('pharmacist', 'inst-hill-pharmacy');
}, 120_000);
afterAll(() => world?.stop());
afterEach(async () => {
  world.connector.down = false;
  world.connector.receipts.clear();
  world.connector.dispenseReceipts.clear();
  await world.portal.db.delete(rateLimits);
});

/** A prescription of which the pharmacy has handed out everything; the notaries have not been asked. */
async function dispensed() {
  world.ledger.author = doctor.actor.subjectId;
  const intent = issueFor(patient.actor.subjectId);
  await transact(world, doctor, intent);
  const { issue } = intent;
  const { subjectId: practitionerId } = pharmacist.actor;
  const holder = { practitionerId, institutionId: 'inst-river-pharmacy', since: new Date().toISOString() };
  Object.assign(world.ledger.prescriptions.get(issue.id) ?? {}, { state: 'accepted', version: 2, holder });
  await transact(world, pharmacist, dispenseOf(issue.id, issue.quantity));
  return issue.id;
}

/** What the notaries sign of it. */
async function sealed(id: string): Promise<Receipt> {
  const state = world.ledger.prescriptions.get(id);
  if (state === undefined) throw new Error('not issued');
  const { authoredOn, expires, cid, contentHash, quantity, fills, left, dispenses } = state;
  const stated = {
    record: {
      ...{ id, version: state.version, state: 'completed' as const, endedAt: new Date().toISOString() },
      ...{ heldBy: 'inst-river-pharmacy', authorInstitution: 'inst-north-hospital', authoredOn, expires },
      ...{ cid, contentHash, quantity, fills, left },
      dispenses: dispenses.map(({ practitionerId: _, ...rest }) => rest),
    },
    ...{ channel: 'care-0', blockHash: `0x${'55'.repeat(32)}` as const },
  };
  const signature = await notary.signTypedData({
    ...{ domain: receiptDomain(token), types: receiptTypes, primaryType: 'Receipt', message: receiptMessage(stated) },
  });
  return { version: 1, ...stated, token, signatures: [signature] };
}

const read = (person: Person, id: string) => readReceipt(person.actor, id, world.portal);
const code = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof AppError ? error.code : Promise.reject(error)),
  );

describe('a receipt', () => {
  it('is the patient’s, the author’s and the pharmacy’s that dispensed, as text that everybody can verify', async () => {
    const id = await dispensed();
    const receipt = await sealed(id);
    world.connector.receipts.set(id, receipt);
    for (const person of [patient, doctor, pharmacist]) {
      const text = await read(person, id);
      expect(parseReceipt(text)).toEqual(receipt);
      expect(verifyReceipt(parseReceipt(text), { token, notaries: [notary.address], threshold: 1 })).toHaveLength(1);
    }
    const [dispense] = receipt.record.dispenses;
    expect(dispense).toMatchObject({ institutionId: 'inst-river-pharmacy', quantity: 30 });
  });

  it('is nobody else’s, in no role, who is told that there is none', async () => {
    const id = await dispensed();
    world.connector.receipts.set(id, await sealed(id));
    for (const person of [stranger, colleague, otherPharmacist]) expect(await code(read(person, id))).toBe('NOT_FOUND');
    const allowed = { doctor, patient, pharmacist };
    for (const role of roles) {
      for (const [own, person] of Object.entries(allowed)) {
        if (role === own) continue;
        const inRole = { ...person, actor: { ...person.actor, role } };
        expect(await code(read(inRole, id)), `${own} as ${role}`).toBe('NOT_FOUND');
      }
    }
    const homeless = { ...pharmacist, actor: { ...pharmacist.actor, institutionId: null } };
    expect(await code(read(homeless, id))).toBe('NOT_FOUND');
  });

  it('is not the pharmacy’s that only held it', async () => {
    const id = await dispensed();
    const state = world.ledger.prescriptions.get(id);
    Object.assign(state ?? {}, { dispenses: [], left: 30 });
    world.connector.receipts.set(id, await sealed(id));
    expect(await code(read(pharmacist, id))).toBe('NOT_FOUND');
    expect(await code(read(patient, id))).toBeUndefined();
  });

  it('is there when the notaries say that it is over, and not before', async () => {
    const id = await dispensed();
    expect(await code(read(patient, id))).toBe('WRONG_STATE');
    world.connector.down = true;
    expect(await code(read(patient, id))).toBe('CONNECTOR_UNAVAILABLE');
    expect(await code(read(patient, `rx-0-${'z'.repeat(26)}`))).toBe('NOT_FOUND');
  });

  it('of another prescription is not passed on', async () => {
    const [id, another] = [await dispensed(), await dispensed()];
    world.connector.receipts.set(id, await sealed(another));
    expect(await code(read(patient, id))).toBe('CONNECTOR_REFUSED');
  });

  it('is asked for sixty times a minute at most', async () => {
    const id = await dispensed();
    world.connector.receipts.set(id, await sealed(id));
    const asked = Array.from({ length: 60 }, () => code(read(patient, id)));
    expect(await Promise.all(asked)).toEqual(Array.from({ length: 60 }));
    expect(await code(read(patient, id))).toBe('RATE_LIMITED');
    expect(await code(read(doctor, id))).toBeUndefined();
  });
});

/** A prescription that two pharmacies have dispensed on and that goes on, and the receipt of the first's dispense. */
async function partly() {
  const id = await dispensed();
  const state = world.ledger.prescriptions.get(id);
  const [first] = state?.dispenses ?? [];
  if (state === undefined || first === undefined) throw new Error('not dispensed');
  const second = { ...first, id: `disp-${'s'.repeat(26)}`, institutionId: 'inst-hill-pharmacy' };
  Object.assign(state, { state: 'partial', dispenses: [first, second] });
  const { version, quantity } = state;
  const { id: dispenseId, quantity: handedOut, at, institutionId } = first;
  const dispense = { id: dispenseId, quantity: handedOut, at, institutionId };
  const record: DispenseRecord = { id, version, quantity, dispense };
  const stated = { record, channel: 'care-0', blockHash: `0x${'55'.repeat(32)}` as const };
  const signature = await notary.signTypedData({
    ...{ domain: dispenseReceiptDomain(token), types: dispenseReceiptTypes, primaryType: 'DispenseReceipt' },
    message: dispenseReceiptMessage(stated),
  });
  const receipt: DispenseReceipt = { version: 1, ...stated, token, signatures: [signature] };
  world.connector.dispenseReceipts.set(first.id, receipt);
  return { id, dispenseId: first.id, second: second.id, receipt };
}

describe('a receipt of a dispense', () => {
  const readOne = ({ actor }: Person, of: { id: string; dispenseId: string }) =>
    readDispenseReceipt(actor, { id: of.id, dispenseId: of.dispenseId }, world.portal);

  it('is the patient’s, the author’s and the very pharmacy’s, while the prescription goes on', async () => {
    const made = await partly();
    for (const person of [patient, doctor, pharmacist]) {
      const read = parseDispenseReceipt(await readOne(person, made));
      expect(read).toEqual(made.receipt);
      expect(verifyDispenseReceipt(read, { token, notaries: [notary.address], threshold: 1 })).toHaveLength(1);
    }
  });

  it('is nobody else’s, in no role: not another’s that dispensed on the same prescription either', async () => {
    const made = await partly();
    for (const person of [stranger, colleague, otherPharmacist])
      expect(await code(readOne(person, made))).toBe('NOT_FOUND');
    for (const role of roles) {
      for (const [own, person] of Object.entries({ doctor, patient, pharmacist })) {
        if (role === own) continue;
        const inRole = { ...person, actor: { ...person.actor, role } };
        expect(await code(readOne(inRole, made)), `${own} as ${role}`).toBe('NOT_FOUND');
      }
    }
    expect(await code(readOne(pharmacist, { ...made, dispenseId: made.second }))).toBe('NOT_FOUND');
  });

  it('of another dispense or prescription is not passed on, nor one that there is not', async () => {
    const [made, another] = [await partly(), await partly()];
    expect(await code(readOne(patient, { ...made, dispenseId: `disp-${'z'.repeat(26)}` }))).toBe('NOT_FOUND');
    expect(await code(readOne(patient, { ...made, dispenseId: another.dispenseId }))).toBe('NOT_FOUND');
    world.connector.dispenseReceipts.set(made.dispenseId, another.receipt);
    expect(await code(readOne(patient, made))).toBe('CONNECTOR_REFUSED');
    world.connector.down = true;
    expect(await code(readOne(patient, made))).toBe('CONNECTOR_UNAVAILABLE');
  });
});
