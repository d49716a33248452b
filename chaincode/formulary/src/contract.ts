import { Context } from 'fabric-contract-api';
import { Info, Returns, Transaction } from '../../ledger/decorators.ts';
import { LedgerContract } from '../../ledger/LedgerContract.ts';
import { canonicalJson } from '../../model/state.ts';
import { writeTime } from '../../registry/src/writeTime.ts';
import * as entries from './entries.ts';
import * as shortages from './shortages.ts';

/**
 * How medicines are covered, by the authority for all and by an institution for itself, and which the authority declares short;
 * on the channel `registry`. Functions that write answer nothing.
 */
@Info({ title: 'formulary', description: 'Coverage of medicines, their generic groups, and shortages' })
export class FormularyContract extends LedgerContract {
  constructor() {
    super('formulary');
  }

  @Transaction()
  async put(ctx: Context, terms: string): Promise<void> {
    await entries.put(ctx, writeTime(ctx), terms);
  }

  @Transaction()
  async withdraw(ctx: Context, scope: string, code: string): Promise<void> {
    await entries.withdraw(ctx, writeTime(ctx), scope, code);
  }

  @Transaction()
  async declareShortage(ctx: Context, shortage: string): Promise<void> {
    await shortages.declareShortage(ctx, writeTime(ctx), shortage);
  }

  @Transaction()
  async endShortage(ctx: Context, product: string): Promise<void> {
    await shortages.endShortage(ctx, writeTime(ctx), product);
  }

  @Transaction(false)
  @Returns('string')
  async read(ctx: Context, scope: string, code: string): Promise<string> {
    return canonicalJson(await entries.read(ctx, scope, code));
  }

  @Transaction(false)
  @Returns('string')
  async history(ctx: Context, scope: string, code: string): Promise<string> {
    return canonicalJson(await entries.history(ctx, scope, code));
  }

  @Transaction(false)
  @Returns('string')
  async list(ctx: Context, scope: string, pageSize: string, bookmark: string): Promise<string> {
    return canonicalJson(await entries.list(ctx, scope, pageSize, bookmark));
  }

  @Transaction(false)
  @Returns('string')
  async readShortage(ctx: Context, product: string): Promise<string> {
    return canonicalJson(await shortages.readShortage(ctx, product));
  }

  @Transaction(false)
  @Returns('string')
  async listShortages(ctx: Context, pageSize: string, bookmark: string): Promise<string> {
    return canonicalJson(await shortages.listShortages(ctx, pageSize, bookmark));
  }
}
