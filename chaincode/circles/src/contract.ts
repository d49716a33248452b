import { Context } from 'fabric-contract-api';
import { transactionTime } from '../../ledger/clock.ts';
import { Info, Returns, Transaction } from '../../ledger/decorators.ts';
import { LedgerContract } from '../../ledger/LedgerContract.ts';
import { canonicalJson } from '../../model/state.ts';
import * as committing from './committing.ts';
import * as reading from './reading.ts';
import * as seats from './seats.ts';

/**
 * Circles of patients on their care channel: whom a patient lets take part, and the order of the group's commits (RFC 9420),
 * one for each epoch, so that nobody can show one member another history. Functions that write answer nothing.
 */
@Info({ title: 'circles', description: 'Who agrees on keys with a patient, and the order of their commits' })
export class CirclesContract extends LedgerContract {
  constructor() {
    super('circles');
  }

  @Transaction()
  async seat(ctx: Context, seat: string): Promise<void> {
    await seats.give(ctx, transactionTime(ctx), seat);
  }

  @Transaction()
  async unseat(ctx: Context, patient: string, subject: string): Promise<void> {
    await seats.end(ctx, transactionTime(ctx), patient, subject);
  }

  @Transaction()
  async commit(ctx: Context, commit: string): Promise<void> {
    await committing.commit(ctx, transactionTime(ctx), commit);
  }

  @Transaction(false)
  @Returns('string')
  async read(ctx: Context, patient: string): Promise<string> {
    return canonicalJson(await reading.read(ctx, patient));
  }

  @Transaction(false)
  @Returns('string')
  async readEpochs(ctx: Context, patient: string, generation: string, from: string, pageSize: string): Promise<string> {
    return canonicalJson(await reading.readEpochs(ctx, patient, generation, from, pageSize));
  }

  @Transaction(false)
  @Returns('string')
  async listSeatsOf(ctx: Context, subject: string, pageSize: string, bookmark: string): Promise<string> {
    return canonicalJson(await reading.listSeatsOf(ctx, subject, pageSize, bookmark));
  }
}
