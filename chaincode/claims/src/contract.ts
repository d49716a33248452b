import { Context } from 'fabric-contract-api';
import { peerTime, transactionTime } from '../../ledger/clock.ts';
import { Info, Returns, Transaction } from '../../ledger/decorators.ts';
import { LedgerContract } from '../../ledger/LedgerContract.ts';
import { canonicalJson } from '../../model/state.ts';
import * as authorising from './authorising.ts';
import * as deciding from './deciding.ts';
import * as messaging from './messaging.ts';
import * as paying from './paying.ts';
import * as plans from './plans.ts';
import * as policies from './policies.ts';
import * as reading from './reading.ts';
import * as reversing from './reversing.ts';
import * as storage from './storage.ts';
import * as submitting from './submitting.ts';

/** Plans, policies and claims on the channel `claims`. Functions that write answer nothing. */
@Info({ title: 'claims', description: 'What insurers cover, who is insured, and what is billed, decided and paid' })
export class ClaimsContract extends LedgerContract {
  constructor() {
    super('claims');
  }

  @Transaction()
  async publishPlan(ctx: Context, plan: string): Promise<void> {
    await plans.publishPlan(ctx, transactionTime(ctx), plan);
  }

  @Transaction()
  async closePlan(ctx: Context, id: string): Promise<void> {
    await plans.closePlan(ctx, transactionTime(ctx), id);
  }

  @Transaction()
  async apply(ctx: Context, statement: string): Promise<void> {
    await policies.apply(ctx, transactionTime(ctx), statement);
  }

  @Transaction()
  async decidePolicy(ctx: Context, id: string, verdict: string, decision: string): Promise<void> {
    await policies.decidePolicy(ctx, transactionTime(ctx), id, verdict, decision);
  }

  @Transaction()
  async endPolicy(ctx: Context, id: string, reason: string): Promise<void> {
    await policies.endPolicy(ctx, transactionTime(ctx), id, reason);
  }

  @Transaction()
  async leave(ctx: Context, statement: string): Promise<void> {
    await policies.leave(ctx, transactionTime(ctx), statement);
  }

  @Transaction()
  async authorise(ctx: Context, statement: string): Promise<void> {
    await authorising.authorise(ctx, transactionTime(ctx), statement);
  }

  @Transaction()
  async revoke(ctx: Context, statement: string): Promise<void> {
    await authorising.revoke(ctx, transactionTime(ctx), statement);
  }

  @Transaction()
  async submit(ctx: Context, claim: string): Promise<void> {
    await submitting.submit(ctx, transactionTime(ctx), claim);
  }

  @Transaction()
  async decide(ctx: Context, decisions: string): Promise<void> {
    await deciding.decide(ctx, transactionTime(ctx), decisions);
  }

  @Transaction()
  async review(ctx: Context, claims: string): Promise<void> {
    await deciding.review(ctx, transactionTime(ctx), claims);
  }

  @Transaction()
  async ask(ctx: Context, id: string, message: string): Promise<void> {
    await messaging.ask(ctx, transactionTime(ctx), id, message);
  }

  @Transaction()
  async answer(ctx: Context, id: string, message: string): Promise<void> {
    await messaging.answer(ctx, transactionTime(ctx), id, message);
  }

  @Transaction()
  async appeal(ctx: Context, statement: string): Promise<void> {
    await messaging.appeal(ctx, transactionTime(ctx), statement);
  }

  @Transaction()
  async settle(ctx: Context, settlement: string): Promise<void> {
    await paying.settle(ctx, transactionTime(ctx), settlement);
  }

  @Transaction()
  async anchor(ctx: Context, receipt: string): Promise<void> {
    await paying.anchor(ctx, transactionTime(ctx), receipt);
  }

  @Transaction()
  async cash(ctx: Context, id: string, amount: string): Promise<void> {
    await paying.cash(ctx, transactionTime(ctx), id, amount);
  }

  @Transaction()
  async reverse(ctx: Context, id: string, reason: string): Promise<void> {
    await reversing.reverse(ctx, transactionTime(ctx), id, reason);
  }

  @Transaction(false)
  @Returns('string')
  async readPlan(ctx: Context, id: string, version: string): Promise<string> {
    return canonicalJson(await reading.readPlan(ctx, id, version));
  }

  @Transaction(false)
  @Returns('string')
  async readPlanHead(ctx: Context, id: string): Promise<string> {
    return canonicalJson(await storage.getPlanHead(ctx, id));
  }

  @Transaction(false)
  @Returns('string')
  async readPlans(ctx: Context, pageSize: string, bookmark: string): Promise<string> {
    return canonicalJson(await reading.readPlans(ctx, pageSize, bookmark));
  }

  @Transaction(false)
  @Returns('string')
  async readPolicy(ctx: Context, id: string): Promise<string> {
    return canonicalJson(await storage.getPolicy(ctx, id));
  }

  @Transaction(false)
  @Returns('string')
  async readPolicies(ctx: Context, pageSize: string, bookmark: string): Promise<string> {
    return canonicalJson(await reading.readPolicies(ctx, pageSize, bookmark));
  }

  @Transaction(false)
  @Returns('string')
  async readAuthorisation(ctx: Context, id: string): Promise<string> {
    return canonicalJson(await storage.getAuthorisation(ctx, id));
  }

  @Transaction(false)
  @Returns('string')
  async readUsage(ctx: Context, policy: string, year: string): Promise<string> {
    return canonicalJson(await reading.readUsage(ctx, policy, year));
  }

  @Transaction(false)
  @Returns('string')
  async readClaim(ctx: Context, id: string): Promise<string> {
    return canonicalJson(await storage.getClaim(ctx, id));
  }

  @Transaction(false)
  @Returns('string')
  async readClaimsOfPolicy(ctx: Context, policy: string, pageSize: string, bookmark: string): Promise<string> {
    return canonicalJson(await reading.readClaimsOfPolicy(ctx, policy, pageSize, bookmark));
  }

  @Transaction(false)
  @Returns('string')
  async readWrap(ctx: Context, id: string): Promise<string> {
    return canonicalJson(await reading.readWrap(ctx, peerTime(), id));
  }

  @Transaction(false)
  @Returns('string')
  async readWrapAsMember(ctx: Context, statement: string): Promise<string> {
    return canonicalJson(await reading.readWrapAsMember(ctx, peerTime(), statement));
  }
}
