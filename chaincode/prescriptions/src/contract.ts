import { Context } from 'fabric-contract-api';
import { transactionTime } from '../../ledger/clock.ts';
import { Info, Returns, Transaction } from '../../ledger/decorators.ts';
import { LedgerContract } from '../../ledger/LedgerContract.ts';
import { canonicalJson } from '../../model/state.ts';
import * as lifecycle from './lifecycle.ts';
import * as prescribing from './prescribing.ts';
import * as reading from './reading.ts';
import * as redeeming from './redeeming.ts';
import * as register from './register.ts';
import * as renewing from './renewing.ts';

/**
 * Prescriptions on a care channel. Functions that write answer nothing and carry no secret; secrets enter as transient
 * data. Functions that read answer JSON and are to be evaluated only.
 */
@Info({ title: 'prescriptions', description: 'Prescriptions from issue to the last dispense' })
export class PrescriptionsContract extends LedgerContract {
  constructor() {
    super('prescriptions');
  }

  @Transaction()
  async issue(ctx: Context, prescription: string): Promise<void> {
    await prescribing.issue(ctx, transactionTime(ctx), prescription);
  }

  @Transaction()
  async accept(ctx: Context, id: string): Promise<void> {
    await redeeming.accept(ctx, transactionTime(ctx), id);
  }

  @Transaction()
  async return(ctx: Context, id: string): Promise<void> {
    await redeeming.giveBack(ctx, transactionTime(ctx), id);
  }

  @Transaction()
  async reserve(ctx: Context, id: string, reservation: string): Promise<void> {
    await redeeming.reserve(ctx, transactionTime(ctx), id, reservation);
  }

  @Transaction()
  async releaseReservation(ctx: Context, id: string, dispenseId: string): Promise<void> {
    await redeeming.releaseReservation(ctx, transactionTime(ctx), id, dispenseId);
  }

  @Transaction()
  async dispense(ctx: Context, id: string, dispense: string): Promise<void> {
    await redeeming.dispense(ctx, transactionTime(ctx), id, dispense);
  }

  @Transaction()
  async close(ctx: Context, id: string, reason: string): Promise<void> {
    await redeeming.close(ctx, transactionTime(ctx), id, reason);
  }

  @Transaction()
  async cancel(ctx: Context, id: string, reason: string): Promise<void> {
    await lifecycle.cancel(ctx, transactionTime(ctx), id, reason);
  }

  @Transaction()
  async requestCancel(ctx: Context, id: string, reason: string): Promise<void> {
    await lifecycle.requestCancel(ctx, transactionTime(ctx), id, reason);
  }

  @Transaction()
  async answerCancel(ctx: Context, id: string, answer: string, reason: string): Promise<void> {
    await lifecycle.answerCancel(ctx, transactionTime(ctx), id, answer, reason);
  }

  @Transaction()
  async noticeHold(ctx: Context, id: string): Promise<void> {
    await lifecycle.noticeHold(ctx, transactionTime(ctx), id);
  }

  @Transaction()
  async endHold(ctx: Context, id: string): Promise<void> {
    await lifecycle.endHold(ctx, transactionTime(ctx), id);
  }

  @Transaction()
  async offerTransfer(ctx: Context, id: string, transfer: string): Promise<void> {
    await lifecycle.offerTransfer(ctx, transactionTime(ctx), id, transfer);
  }

  @Transaction()
  async acceptTransfer(ctx: Context, id: string): Promise<void> {
    await lifecycle.acceptTransfer(ctx, transactionTime(ctx), id);
  }

  @Transaction()
  async withdrawTransfer(ctx: Context, id: string): Promise<void> {
    await lifecycle.withdrawTransfer(ctx, transactionTime(ctx), id);
  }

  @Transaction()
  async refuseTransfer(ctx: Context, id: string): Promise<void> {
    await lifecycle.refuseTransfer(ctx, transactionTime(ctx), id);
  }

  @Transaction()
  async authorisePickup(ctx: Context, id: string, pickup: string): Promise<void> {
    await lifecycle.authorisePickup(ctx, transactionTime(ctx), id, pickup);
  }

  @Transaction()
  async revokePickup(ctx: Context, id: string): Promise<void> {
    await lifecycle.revokePickup(ctx, transactionTime(ctx), id);
  }

  @Transaction()
  async askRenewal(ctx: Context, renewal: string): Promise<void> {
    await renewing.askRenewal(ctx, transactionTime(ctx), renewal);
  }

  @Transaction()
  async answerRenewal(ctx: Context, id: string, answer: string): Promise<void> {
    await renewing.answerRenewal(ctx, transactionTime(ctx), id, answer);
  }

  @Transaction()
  async withdrawRenewal(ctx: Context, id: string): Promise<void> {
    await renewing.withdrawRenewal(ctx, transactionTime(ctx), id);
  }

  @Transaction()
  async voidCode(ctx: Context, id: string): Promise<void> {
    await prescribing.voidCode(ctx, transactionTime(ctx), id);
  }

  @Transaction()
  async renewCode(ctx: Context, id: string, redeemHash: string): Promise<void> {
    await prescribing.renewCode(ctx, transactionTime(ctx), id, redeemHash);
  }

  @Transaction(false)
  @Returns('string')
  async read(ctx: Context, id: string): Promise<string> {
    return canonicalJson(await reading.read(ctx, id));
  }

  @Transaction(false)
  @Returns('string')
  async readMany(ctx: Context, ids: string): Promise<string> {
    return canonicalJson(await reading.readMany(ctx, ids));
  }

  @Transaction(false)
  @Returns('string')
  async listByPatient(ctx: Context, pseudonym: string, pageSize: string, bookmark: string): Promise<string> {
    return canonicalJson(await reading.listByPatient(ctx, pseudonym, pageSize, bookmark));
  }

  @Transaction(false)
  @Returns('string')
  async listOffered(ctx: Context, institution: string, pageSize: string, bookmark: string): Promise<string> {
    return canonicalJson(await reading.listOffered(ctx, institution, pageSize, bookmark));
  }

  @Transaction(false)
  @Returns('string')
  async findByRedeemHash(ctx: Context, redeemHash: string): Promise<string> {
    return canonicalJson(await reading.findByRedeemHash(ctx, redeemHash));
  }

  @Transaction(false)
  @Returns('string')
  async history(ctx: Context, id: string): Promise<string> {
    return canonicalJson(await reading.history(ctx, id));
  }

  @Transaction(false)
  @Returns('string')
  async readWraps(ctx: Context, ids: string): Promise<string> {
    return canonicalJson(await reading.readWraps(ctx, ids));
  }

  @Transaction(false)
  @Returns('string')
  async readRelease(ctx: Context, id: string): Promise<string> {
    return canonicalJson(await reading.readRelease(ctx, id));
  }

  @Transaction(false)
  @Returns('string')
  async readTransfer(ctx: Context, id: string): Promise<string> {
    return canonicalJson(await reading.readTransfer(ctx, id));
  }

  @Transaction(false)
  @Returns('string')
  async readRenewal(ctx: Context, id: string): Promise<string> {
    return canonicalJson(await renewing.readRenewal(ctx, id));
  }

  @Transaction(false)
  @Returns('string')
  async listRenewals(ctx: Context, pseudonym: string, pageSize: string, bookmark: string): Promise<string> {
    return canonicalJson(await renewing.listRenewals(ctx, pseudonym, pageSize, bookmark));
  }

  @Transaction(false)
  @Returns('string')
  async readRegister(ctx: Context, ids: string): Promise<string> {
    return canonicalJson(await register.readRegister(ctx, ids));
  }
}
