import type { Hex } from 'viem';
import { z } from 'zod';
import type { PaymentReceipt } from '#chaincode/model/claim.ts';
import type { Quote } from '#contracts/typedData.ts';
import { type SealedQuestion, type SealedReply, sealedReply } from '#crypto/claim/question.ts';
import type { ErrorCode } from '#server/errors.ts';
import { type ConnectorAddress, connectorCall } from '../connector/call.ts';

const refusals: Partial<Record<string, ErrorCode>> = {
  NOT_FOUND: 'NOT_FOUND',
  INVALID_ARGUMENT: 'INVALID_ARGUMENT',
  NOT_INSURED: 'NOT_INSURED',
  NOT_AUTHORISED: 'NOT_AUTHORISED',
  WRONG_STATE: 'WRONG_STATE',
  AMOUNT_EXCEEDED: 'AMOUNT_EXCEEDED',
};
const answerMs = 10_000;
/** The transaction on `claims` is waited for. */
const anchorMs = 40_000;

const hex = (bytes: number) =>
  z.custom<Hex>((value) => typeof value === 'string' && new RegExp(`^0x[0-9a-f]{${bytes * 2}}$`, 'i').test(value));
const anchorReply = z.looseObject({ anchored: z.literal(true) });
const whole = z
  .string()
  .regex(/^[0-9]{1,30}$/)
  .transform(BigInt);
const quoteReply = z.object({
  quote: z.object({
    ...{ claim: hex(32), insurer: hex(32), payee: hex(32), coin: hex(20), insurerAmount: whole, patientAmount: whole },
    version: z.int().positive(),
    expires: z.int().positive(),
  }),
  signature: hex(65),
});

/** An insurer's adjudicator, a process of the insurer's own, which reads what is sealed to it. */
export interface AdjudicatorGateway {
  /**
   * Answers a sealed question of a provider's staff about what would be paid; the answer is sealed to whoever asked. Throws
   * NOT_AUTHORISED, CONNECTOR_UNAVAILABLE.
   */
  answer(question: SealedQuestion, provider: string): Promise<SealedReply>;
  /** What is to be paid for a claim of the insurer, signed: for `CareSettlement`. Throws WRONG_STATE where nothing is. */
  quote(claim: string): Promise<{ quote: Quote; signature: Hex }>;
  /**
   * Has a final payment or refund anchored on its claim, after the insurer's own node has shown the same; may be repeated. Throws
   * WRONG_STATE where it is not final there yet, or is none of the claim's share, INVALID_ARGUMENT where the chain says otherwise.
   */
  anchor(receipt: PaymentReceipt): Promise<void>;
  health(deadlineMs: number): Promise<void>;
}

/** A client of an adjudicator's HTTP interface. Unreachable or 5xx: CONNECTOR_UNAVAILABLE; 4xx: its own code. */
export function openAdjudicator(address: ConnectorAddress): AdjudicatorGateway {
  const call = connectorCall(address, refusals);
  return {
    answer: (question, provider) => call('POST', '/questions', sealedReply, { question, provider }, answerMs),
    quote: (claim) => call('POST', '/quotes', quoteReply, { claim }, answerMs),
    anchor: async (receipt) => void (await call('POST', '/receipts', anchorReply, receipt, anchorMs)),
    health: async (ms) => void (await call('GET', '/health', z.looseObject({}), undefined, ms)),
  };
}
