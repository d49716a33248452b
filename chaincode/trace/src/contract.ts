import { Context } from 'fabric-contract-api';
import { peerTime, transactionTime } from '../../ledger/clock.ts';
import { Info, Returns, Transaction } from '../../ledger/decorators.ts';
import { LedgerContract } from '../../ledger/LedgerContract.ts';
import { canonicalJson } from '../../model/state.ts';
import { capture } from './capture.ts';
import * as reading from './reading.ts';
import * as recalling from './recalling.ts';
import { verify } from './verifying.ts';

/**
 * Custody of serialised medicines, as EPCIS events tell it and as it is enforced: who has a pack, what it is in, what became of
 * it. `capture` alone answers although it writes: what its event says, which is no secret on this channel, so that whoever
 * sends events knows before a signature which of them would be refused.
 */
@Info({ title: 'trace', description: 'Packs and containers of medicines, their custody and recalls' })
export class TraceContract extends LedgerContract {
  constructor() {
    super('trace');
  }

  @Transaction()
  @Returns('string')
  async capture(ctx: Context, events: string): Promise<string> {
    return canonicalJson(await capture(ctx, transactionTime(ctx), events));
  }

  @Transaction()
  async recall(ctx: Context, recall: string): Promise<void> {
    await recalling.recall(ctx, transactionTime(ctx), recall);
  }

  @Transaction()
  async endRecall(ctx: Context, gtin: string, id: string): Promise<void> {
    await recalling.endRecall(ctx, transactionTime(ctx), gtin, id);
  }

  @Transaction(false)
  @Returns('string')
  async readPack(ctx: Context, gtin: string, serial: string): Promise<string> {
    return canonicalJson(await reading.readPack(ctx, gtin, serial));
  }

  @Transaction(false)
  @Returns('string')
  async readPacks(ctx: Context, packs: string): Promise<string> {
    return canonicalJson(await reading.readPacks(ctx, packs));
  }

  @Transaction(false)
  @Returns('string')
  async readContainer(ctx: Context, sscc: string): Promise<string> {
    return canonicalJson(await reading.readContainer(ctx, sscc));
  }

  @Transaction(false)
  @Returns('string')
  async listContents(ctx: Context, sscc: string, pageSize: string, bookmark: string): Promise<string> {
    return canonicalJson(await reading.listContents(ctx, sscc, pageSize, bookmark));
  }

  @Transaction(false)
  @Returns('string')
  async readEvent(ctx: Context, hash: string): Promise<string> {
    return canonicalJson(await reading.readEvent(ctx, hash));
  }

  @Transaction(false)
  @Returns('string')
  async readRecalls(ctx: Context, gtin: string): Promise<string> {
    return canonicalJson(await reading.readRecalls(ctx, gtin));
  }

  @Transaction(false)
  @Returns('string')
  async listSuspicious(ctx: Context, pageSize: string, bookmark: string): Promise<string> {
    return canonicalJson(await reading.listSuspicious(ctx, pageSize, bookmark));
  }

  @Transaction(false)
  @Returns('string')
  async verify(ctx: Context, pack: string): Promise<string> {
    return canonicalJson(await verify(ctx, peerTime(), pack));
  }
}
