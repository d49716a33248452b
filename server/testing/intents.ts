import { randomBytes } from 'node:crypto';
import { cidOf } from '../gateways/ipfs/ipfs.ts';
import { decodeProposal, decodeTransaction } from '../gateways/ledger/offline.ts';
import type { PreparedTransaction, Receipt, TransactionIntent } from '../transactions/schema.ts';
import { endorseTransaction, prepareTransaction, submitTransaction } from '../transactions/service.ts';
import { hex, name26, type Person, type World } from './world.ts';

export type Issue = Extract<TransactionIntent, { kind: 'issue' }>;

const random = (bytes: number) => randomBytes(bytes).toString('base64url');

/** A well-formed issue for a pseudonym, of random content. */
export function issueFor(pseudonym: string, change: Partial<Issue['issue']> = {}): Issue {
  const bytes = randomBytes(300);
  const channel = pseudonym.split('-')[1];
  return {
    kind: 'issue',
    issue: {
      id: `rx-${channel}-${name26()}`,
      patient: pseudonym,
      expires: new Date(Date.now() + 30 * 86_400_000).toISOString(),
      cid: cidOf(bytes),
      contentHash: hex(bytes),
      redeemHash: randomBytes(32).toString('hex'),
      commitment: `0x${randomBytes(32).toString('hex')}`,
      quantity: 30,
      fills: 1,
      ...change,
    },
    envelope: bytes.toString('base64url'),
    tokenHolder: `0x${randomBytes(20).toString('hex')}`,
    resumePacket: random(200),
    secrets: { patientWrap: random(1200), authorWrap: random(1200), codeWrap: random(60), releaseShare: random(32) },
  };
}

/** A dispense of a quantity on a prescription. */
export function dispenseOf(id: string, quantity: number): Extract<TransactionIntent, { kind: 'dispense' }> {
  const bytes = randomBytes(200);
  const dispense = { id: `disp-${name26()}`, quantity, cid: cidOf(bytes), contentHash: hex(bytes) };
  return { kind: 'dispense', id, dispense, envelope: bytes.toString('base64url') };
}

/** What a dispense of scanned packs begins with. */
export function reserveOf({
  id,
  dispense,
}: ReturnType<typeof dispenseOf>): Extract<TransactionIntent, { kind: 'reserve' }> {
  const packsHash = randomBytes(32).toString('hex');
  return {
    kind: 'reserve',
    id,
    reservation: { dispenseId: dispense.id, quantity: dispense.quantity, packs: 2, packsHash },
  };
}

/** Signs a prepared proposal as the person's page does, and has it endorsed. */
export async function endorse(world: World, person: Person, prepared: PreparedTransaction) {
  const proposal = Buffer.from(prepared.proposal, 'base64url');
  const proposalSignature = await person.key.sign(decodeProposal(proposal).signedBytes);
  const { sagaId } = prepared;
  return endorseTransaction(person.actor, { sagaId, proposal: prepared.proposal, proposalSignature }, world.portal);
}

/** Both round trips, as the person's page makes them. */
export async function transact(world: World, person: Person, intent: TransactionIntent): Promise<Receipt> {
  const prepared = await prepareTransaction(person.actor, intent, world.portal);
  const { transaction } = await endorse(world, person, prepared);
  return submit(world, person, prepared, transaction);
}

/** The second round trip. */
export async function submit(
  world: World,
  person: Person,
  prepared: PreparedTransaction,
  transaction: string,
): Promise<Receipt> {
  const { signedBytes } = decodeTransaction(Buffer.from(transaction, 'base64url'));
  const signed = {
    sagaId: prepared.sagaId,
    transaction,
    transactionSignature: await person.key.sign(signedBytes),
    status: prepared.status,
    statusSignature: await person.key.sign(Buffer.from(prepared.status, 'base64url')),
  };
  return submitTransaction(person.actor, signed, world.portal);
}
