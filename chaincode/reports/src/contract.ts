import { Context } from 'fabric-contract-api';
import { peerTime, transactionTime } from '../../ledger/clock.ts';
import { Info, Returns, Transaction } from '../../ledger/decorators.ts';
import { LedgerContract } from '../../ledger/LedgerContract.ts';
import { canonicalJson } from '../../model/state.ts';
import * as answering from './answering.ts';
import * as filing from './filing.ts';
import * as reading from './reading.ts';

/** Reports of adverse events on a care channel, encrypted to the authority. Functions that write answer nothing. */
@Info({ title: 'reports', description: 'Reports of adverse events, and what the authority made of them' })
export class ReportsContract extends LedgerContract {
  constructor() {
    super('reports');
  }

  @Transaction()
  async file(ctx: Context, report: string): Promise<void> {
    await filing.file(ctx, transactionTime(ctx), report);
  }

  @Transaction()
  async ask(ctx: Context, id: string, message: string): Promise<void> {
    await answering.ask(ctx, transactionTime(ctx), id, message);
  }

  @Transaction()
  async answer(ctx: Context, id: string, message: string): Promise<void> {
    await answering.answer(ctx, transactionTime(ctx), id, message);
  }

  @Transaction()
  async assess(ctx: Context, id: string, message: string): Promise<void> {
    await answering.assess(ctx, transactionTime(ctx), id, message);
  }

  @Transaction()
  async close(ctx: Context, id: string): Promise<void> {
    await answering.close(ctx, transactionTime(ctx), id);
  }

  @Transaction(false)
  @Returns('string')
  async read(ctx: Context, id: string): Promise<string> {
    return canonicalJson(await reading.read(ctx, id));
  }

  @Transaction(false)
  @Returns('string')
  async readWrap(ctx: Context, id: string): Promise<string> {
    return canonicalJson(await reading.readWrap(ctx, peerTime(), id));
  }
}
