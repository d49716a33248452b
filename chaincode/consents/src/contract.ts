import { Context } from 'fabric-contract-api';
import { transactionTime } from '../../ledger/clock.ts';
import { Info, Returns, Transaction } from '../../ledger/decorators.ts';
import { LedgerContract } from '../../ledger/LedgerContract.ts';
import { canonicalJson } from '../../model/state.ts';
import * as granting from './granting.ts';
import * as reading from './reading.ts';
import * as requesting from './requesting.ts';

/**
 * What patients allow and forbid, on their care channel. Functions that write answer nothing; terms enter as transient data.
 * Functions that read answer JSON and are to be evaluated only.
 */
@Info({ title: 'consents', description: 'Consents of patients, and requests for them' })
export class ConsentsContract extends LedgerContract {
  constructor() {
    super('consents');
  }

  @Transaction()
  async grant(ctx: Context, consent: string): Promise<void> {
    await granting.grant(ctx, transactionTime(ctx), consent);
  }

  @Transaction()
  async revoke(ctx: Context, id: string): Promise<void> {
    await granting.revoke(ctx, transactionTime(ctx), id);
  }

  @Transaction()
  async request(ctx: Context, request: string): Promise<void> {
    await requesting.request(ctx, transactionTime(ctx), request);
  }

  @Transaction()
  async decline(ctx: Context, id: string): Promise<void> {
    await requesting.decline(ctx, transactionTime(ctx), id);
  }

  @Transaction()
  async withdraw(ctx: Context, id: string): Promise<void> {
    await requesting.withdraw(ctx, transactionTime(ctx), id);
  }

  @Transaction(false)
  @Returns('string')
  async list(ctx: Context, patient: string, pageSize: string, bookmark: string): Promise<string> {
    return canonicalJson(await reading.list(ctx, patient, pageSize, bookmark));
  }

  @Transaction(false)
  @Returns('string')
  async listRequests(ctx: Context, patient: string, pageSize: string, bookmark: string): Promise<string> {
    return canonicalJson(await reading.listRequests(ctx, patient, pageSize, bookmark));
  }

  @Transaction(false)
  @Returns('string')
  async readRequest(ctx: Context, id: string): Promise<string> {
    return canonicalJson(await reading.readRequest(ctx, id));
  }

  @Transaction(false)
  @Returns('string')
  async mine(ctx: Context, patient: string): Promise<string> {
    return canonicalJson(await reading.mine(ctx, patient));
  }
}
