import { Context } from 'fabric-contract-api';
import { transactionTime } from '../../ledger/clock.ts';
import { Info, Returns, Transaction } from '../../ledger/decorators.ts';
import { LedgerContract } from '../../ledger/LedgerContract.ts';
import { canonicalJson } from '../../model/state.ts';
import * as documents from './documents.ts';
import * as epochs from './epochs.ts';
import * as indexing from './indexing.ts';
import * as reading from './reading.ts';

/**
 * Patients' records on a care channel. Functions that write answer nothing; category, keys and index enter as transient
 * data. Functions that read answer JSON and are to be evaluated only.
 */
@Info({ title: 'records', description: 'Encrypted documents of patients, their keys and indexes' })
export class RecordsContract extends LedgerContract {
  constructor() {
    super('records');
  }

  @Transaction()
  async open(ctx: Context, patient: string): Promise<void> {
    await epochs.open(ctx, transactionTime(ctx), patient);
  }

  @Transaction()
  async renewEpochs(ctx: Context, patient: string): Promise<void> {
    await epochs.renewEpochs(ctx, transactionTime(ctx), patient);
  }

  @Transaction()
  async addWraps(ctx: Context, patient: string): Promise<void> {
    await epochs.addWraps(ctx, transactionTime(ctx), patient);
  }

  @Transaction()
  async add(ctx: Context, document: string): Promise<void> {
    await documents.add(ctx, transactionTime(ctx), document);
  }

  @Transaction()
  async retract(ctx: Context, id: string, reason: string): Promise<void> {
    await documents.retract(ctx, transactionTime(ctx), id, reason);
  }

  @Transaction()
  async putIndex(ctx: Context, patient: string): Promise<void> {
    await indexing.putIndex(ctx, transactionTime(ctx), patient);
  }

  @Transaction(false)
  @Returns('string')
  async read(ctx: Context, id: string): Promise<string> {
    return canonicalJson(await reading.read(ctx, id));
  }

  @Transaction(false)
  @Returns('string')
  async listByPatient(ctx: Context, patient: string, pageSize: string, bookmark: string): Promise<string> {
    return canonicalJson(await reading.listByPatient(ctx, patient, pageSize, bookmark));
  }

  @Transaction(false)
  @Returns('string')
  async readKeys(ctx: Context, patient: string): Promise<string> {
    return canonicalJson(await reading.readKeys(ctx, patient));
  }

  @Transaction(false)
  @Returns('string')
  async readOwn(ctx: Context, patient: string): Promise<string> {
    return canonicalJson(await reading.readOwn(ctx, patient));
  }

  @Transaction(false)
  @Returns('string')
  async readHolders(ctx: Context, patient: string): Promise<string> {
    return canonicalJson(await reading.readHolders(ctx, patient));
  }

  @Transaction(false)
  @Returns('string')
  async readOwnDocuments(ctx: Context, patient: string, ids: string): Promise<string> {
    return canonicalJson(await reading.readOwnDocuments(ctx, patient, ids));
  }
}
