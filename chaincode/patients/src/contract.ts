import { Context } from 'fabric-contract-api';
import { listReenrolments } from '../../care/reenrolments.ts';
import { transactionTime } from '../../ledger/clock.ts';
import { Info, Returns, Transaction } from '../../ledger/decorators.ts';
import { LedgerContract } from '../../ledger/LedgerContract.ts';
import { canonicalJson } from '../../model/state.ts';
import * as keys from './keys.ts';
import * as reenrolment from './reenrolment.ts';
import * as registration from './registration.ts';
import * as representatives from './representatives.ts';

/**
 * The people of a care channel: their exact keys and second factors, who acts for them, and how they get new keys.
 * Functions that write answer nothing; functions that read answer JSON and are to be evaluated only.
 */
@Info({ title: 'patients', description: 'Patients, their keys, representatives and re-enrolment' })
export class PatientsContract extends LedgerContract {
  constructor() {
    super('patients');
  }

  @Transaction()
  async register(ctx: Context, patient: string): Promise<void> {
    await registration.register(ctx, transactionTime(ctx), patient);
  }

  @Transaction()
  async rotateKeys(ctx: Context, pseudonym: string, newKeys: string): Promise<void> {
    await keys.rotateKeys(ctx, transactionTime(ctx), pseudonym, newKeys);
  }

  @Transaction()
  async addCredential(ctx: Context, pseudonym: string, credential: string): Promise<void> {
    await keys.addCredential(ctx, transactionTime(ctx), pseudonym, credential);
  }

  @Transaction()
  async removeCredential(ctx: Context, pseudonym: string, credentialId: string): Promise<void> {
    await keys.removeCredential(ctx, transactionTime(ctx), pseudonym, credentialId);
  }

  @Transaction()
  async setStatus(ctx: Context, pseudonym: string, status: string): Promise<void> {
    await registration.setStatus(ctx, transactionTime(ctx), pseudonym, status);
  }

  @Transaction()
  async appoint(ctx: Context, appointment: string): Promise<void> {
    await representatives.appoint(ctx, transactionTime(ctx), appointment);
  }

  @Transaction()
  async endRepresentation(ctx: Context, id: string, reason: string): Promise<void> {
    await representatives.endRepresentation(ctx, transactionTime(ctx), id, reason);
  }

  @Transaction()
  async proposeReenrolment(ctx: Context, proposal: string): Promise<void> {
    await reenrolment.propose(ctx, transactionTime(ctx), proposal);
  }

  @Transaction()
  async approveReenrolment(ctx: Context, subject: string): Promise<void> {
    await reenrolment.approve(ctx, transactionTime(ctx), subject);
  }

  @Transaction()
  async refuseReenrolment(ctx: Context, subject: string, reason: string): Promise<void> {
    await reenrolment.refuse(ctx, transactionTime(ctx), subject, reason);
  }

  @Transaction()
  async completeReenrolment(ctx: Context, subject: string): Promise<void> {
    await reenrolment.complete(ctx, transactionTime(ctx), subject);
  }

  @Transaction(false)
  @Returns('string')
  async read(ctx: Context, pseudonym: string): Promise<string> {
    return canonicalJson(await registration.read(ctx, pseudonym));
  }

  @Transaction(false)
  @Returns('string')
  async readKeyOwner(ctx: Context, signingKeyHash: string): Promise<string> {
    return canonicalJson(await registration.readKeyOwner(ctx, signingKeyHash));
  }

  @Transaction(false)
  @Returns('string')
  async readRepresentation(ctx: Context, id: string): Promise<string> {
    return canonicalJson(await representatives.readRepresentation(ctx, id));
  }

  @Transaction(false)
  @Returns('string')
  async listRepresentations(ctx: Context, pseudonym: string, pageSize: string, bookmark: string): Promise<string> {
    return canonicalJson(await representatives.listRepresentations(ctx, pseudonym, pageSize, bookmark));
  }

  @Transaction(false)
  @Returns('string')
  async readReenrolment(ctx: Context, subject: string): Promise<string> {
    return canonicalJson(await reenrolment.readReenrolment(ctx, subject));
  }

  @Transaction(false)
  @Returns('string')
  async listReenrolments(ctx: Context, pageSize: string, bookmark: string): Promise<string> {
    return canonicalJson(await listReenrolments(ctx, pageSize, bookmark));
  }
}
