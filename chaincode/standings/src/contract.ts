import { Context } from 'fabric-contract-api';
import { transactionTime } from '../../ledger/clock.ts';
import { Info, Returns, Transaction } from '../../ledger/decorators.ts';
import { LedgerContract } from '../../ledger/LedgerContract.ts';
import { canonicalJson } from '../../model/state.ts';
import * as mirroring from './mirroring.ts';

/** Mirrors of `registry` on any other channel, so that what somebody signed before a suspension fails at commit. */
@Info({ title: 'standings', description: 'Who is suspended, as every write of this channel reads it' })
export class StandingsContract extends LedgerContract {
  constructor() {
    super('standings');
  }

  @Transaction()
  async mirror(ctx: Context, subject: string): Promise<void> {
    await mirroring.mirror(ctx, transactionTime(ctx), subject);
  }

  @Transaction(false)
  @Returns('string')
  async read(ctx: Context, subject: string): Promise<string> {
    return canonicalJson(await mirroring.read(ctx, subject));
  }
}
