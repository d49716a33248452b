import { Context } from 'fabric-contract-api';
import { transactionTime } from '../../ledger/clock.ts';
import { Info, Returns, Transaction } from '../../ledger/decorators.ts';
import { LedgerContract } from '../../ledger/LedgerContract.ts';
import { canonicalJson } from '../../model/state.ts';
import * as anchoring from './anchoring.ts';
import * as archiving from './archiving.ts';
import * as planning from './planning.ts';
import * as reading from './reading.ts';

/**
 * Readings of devices on a care channel: where their sealed batches are, and the keys and plans that go with a circle. `anchor`
 * alone answers although it writes: what its event says, so that whoever anchors knows which batches were refused.
 */
@Info({ title: 'telemetry', description: 'Anchored batches of readings, archived keys and monitoring plans' })
export class TelemetryContract extends LedgerContract {
  constructor() {
    super('telemetry');
  }

  @Transaction()
  @Returns('string')
  async anchor(ctx: Context, batches: string): Promise<string> {
    return canonicalJson(await anchoring.anchor(ctx, transactionTime(ctx), batches));
  }

  @Transaction()
  async archive(ctx: Context, place: string): Promise<void> {
    await archiving.archive(ctx, transactionTime(ctx), place);
  }

  @Transaction()
  async setPlan(ctx: Context, plan: string): Promise<void> {
    await planning.setPlan(ctx, transactionTime(ctx), plan);
  }

  @Transaction()
  async resealPlan(ctx: Context, plan: string): Promise<void> {
    await planning.resealPlan(ctx, transactionTime(ctx), plan);
  }

  @Transaction(false)
  @Returns('string')
  async readArchives(ctx: Context, patient: string, generation: string, from: string, access: string): Promise<string> {
    return canonicalJson(await archiving.readArchives(ctx, patient, generation, from, access));
  }

  @Transaction(false)
  @Returns('string')
  async readArchiveKey(ctx: Context, patient: string): Promise<string> {
    return canonicalJson(await archiving.readArchiveKey(ctx, patient));
  }

  @Transaction(false)
  @Returns('string')
  async readPlan(ctx: Context, patient: string): Promise<string> {
    return canonicalJson(await planning.readPlan(ctx, patient));
  }

  @Transaction(false)
  @Returns('string')
  async readStream(ctx: Context, patient: string, device: string, stream: string): Promise<string> {
    return canonicalJson(await reading.readStream(ctx, patient, device, stream));
  }

  @Transaction(false)
  @Returns('string')
  async readBatch(ctx: Context, id: string): Promise<string> {
    return canonicalJson(await reading.readBatch(ctx, id));
  }

  @Transaction(false)
  @Returns('string')
  async listBatches(ctx: Context, patient: string, pageSize: string, bookmark: string): Promise<string> {
    return canonicalJson(await reading.listBatches(ctx, patient, pageSize, bookmark));
  }
}
