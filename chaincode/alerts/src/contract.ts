import { Context } from 'fabric-contract-api';
import { transactionTime } from '../../ledger/clock.ts';
import { Info, Returns, Transaction } from '../../ledger/decorators.ts';
import { LedgerContract } from '../../ledger/LedgerContract.ts';
import { canonicalJson } from '../../model/state.ts';
import * as answering from './answering.ts';
import * as raising from './raising.ts';
import * as reading from './reading.ts';

/** Alerts of devices on a care channel: that one called, and who came. Functions that write answer nothing. */
@Info({ title: 'alerts', description: 'Alerts of devices, who acknowledged and who closed them' })
export class AlertsContract extends LedgerContract {
  constructor() {
    super('alerts');
  }

  @Transaction()
  async raise(ctx: Context, alerts: string): Promise<void> {
    await raising.raise(ctx, transactionTime(ctx), alerts);
  }

  @Transaction()
  async escalate(ctx: Context, id: string): Promise<void> {
    await answering.escalate(ctx, transactionTime(ctx), id);
  }

  @Transaction()
  async acknowledge(ctx: Context, id: string): Promise<void> {
    await answering.acknowledge(ctx, transactionTime(ctx), id);
  }

  @Transaction()
  async close(ctx: Context, id: string, outcome: string): Promise<void> {
    await answering.close(ctx, transactionTime(ctx), id, outcome);
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
}
