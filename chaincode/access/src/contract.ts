import { Context } from 'fabric-contract-api';
import { transactionTime } from '../../ledger/clock.ts';
import { Info, Returns, Transaction } from '../../ledger/decorators.ts';
import { LedgerContract } from '../../ledger/LedgerContract.ts';
import { canonicalJson } from '../../model/state.ts';
import * as emergencies from './emergencies.ts';
import * as reading from './reading.ts';
import * as releases from './releases.ts';
import * as requesting from './requesting.ts';

/**
 * Readings of records on a care channel: first a transaction that says who reads, then evaluations that release. Functions
 * that write answer nothing; what is asked for enters as transient data.
 */
@Info({ title: 'access', description: 'Who reads a record, by consent or in an emergency' })
export class AccessContract extends LedgerContract {
  constructor() {
    super('access');
  }

  @Transaction()
  async request(ctx: Context, access: string): Promise<void> {
    await requesting.request(ctx, transactionTime(ctx), access);
  }

  @Transaction()
  async openEmergency(ctx: Context, emergency: string): Promise<void> {
    await emergencies.open(ctx, transactionTime(ctx), emergency);
  }

  @Transaction()
  async confirmEmergency(ctx: Context, id: string): Promise<void> {
    await emergencies.confirm(ctx, transactionTime(ctx), id);
  }

  @Transaction()
  async reviewEmergency(ctx: Context, id: string, review: string): Promise<void> {
    await emergencies.review(ctx, transactionTime(ctx), id, review);
  }

  @Transaction(false)
  @Returns('string')
  async read(ctx: Context, id: string): Promise<string> {
    return canonicalJson(await reading.read(ctx, id));
  }

  @Transaction(false)
  @Returns('string')
  async readDocuments(ctx: Context, id: string, ids: string): Promise<string> {
    return canonicalJson(await reading.readDocuments(ctx, id, ids));
  }

  @Transaction(false)
  @Returns('string')
  async readEscrow(ctx: Context, id: string): Promise<string> {
    return canonicalJson(await reading.readEscrow(ctx, id));
  }

  @Transaction(false)
  @Returns('string')
  async readEntry(ctx: Context, id: string): Promise<string> {
    return canonicalJson(await reading.readEntry(ctx, id));
  }

  @Transaction(false)
  @Returns('string')
  async listByPatient(ctx: Context, patient: string, pageSize: string, bookmark: string): Promise<string> {
    return canonicalJson(await reading.listByPatient(ctx, patient, pageSize, bookmark));
  }

  @Transaction(false)
  @Returns('string')
  async readEmergency(ctx: Context, id: string): Promise<string> {
    return canonicalJson(await reading.readEmergency(ctx, id));
  }

  @Transaction(false)
  @Returns('string')
  async listEmergencies(ctx: Context, pageSize: string, bookmark: string): Promise<string> {
    return canonicalJson(await reading.listEmergencies(ctx, pageSize, bookmark));
  }

  @Transaction(false)
  @Returns('string')
  async listEmergenciesOf(ctx: Context, patient: string, pageSize: string, bookmark: string): Promise<string> {
    return canonicalJson(await reading.listEmergenciesOf(ctx, patient, pageSize, bookmark));
  }

  @Transaction(false)
  @Returns('string')
  async mayRelease(ctx: Context, patient: string, category: string, person: string): Promise<string> {
    return canonicalJson(await releases.mayRelease(ctx, patient, category, person));
  }
}
