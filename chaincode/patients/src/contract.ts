import { Context } from 'fabric-contract-api';
import { transactionTime } from '../../ledger/clock.ts';
import { Info, Returns, Transaction } from '../../ledger/decorators.ts';
import { LedgerContract } from '../../ledger/LedgerContract.ts';
import { canonicalJson } from '../../model/state.ts';
import * as registration from './registration.ts';

/**
 * The people of a care channel: their exact keys and second factors, who acts for them, and how they get new keys.
 * Functions that write answer nothing; functions that read answer JSON and are to be evaluated only.
 */
@Info({ title: 'patients', description: 'Patients, their keys, representatives and re-enrolment' })
export class PatientsContract extends LedgerContract {
  constructor() {
    super('patients');
  }

  @Transaction()
  async register(ctx: Context, patient: string): Promise<void> {
    await registration.register(ctx, transactionTime(ctx), patient);
  }

  @Transaction(false)
  @Returns('string')
  async read(ctx: Context, pseudonym: string): Promise<string> {
    return canonicalJson(await registration.read(ctx, pseudonym));
  }
}
