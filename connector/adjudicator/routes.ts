import { z } from 'zod';
import { claimId, type PaymentReceipt, paymentReceipt } from '#chaincode/model/claim.ts';
import type { SealedReply } from '#crypto/claim/question.ts';
import { readBody } from '../http/body.ts';
import type { Routes } from '../http/server.ts';
import { type AskedQuestion, askedQuestion } from './eligibility.ts';
import type { SignedQuote } from './settlement.ts';

export interface Served {
  device: string;
  answer(asked: AskedQuestion): Promise<SealedReply>;
  /** What is to be paid for a claim, signed by the insurer. */
  quote(claim: string): Promise<SignedQuote>;
  anchor(receipt: PaymentReceipt): Promise<{ anchored: true }>;
}

const quoteRequest = z.strictObject({ claim: claimId });

/** What an adjudicator does for the portal. */
export const adjudicatorRoutes = ({ device, answer, quote, anchor }: Served): Routes => ({
  '/questions': { POST: async (request) => answer(await readBody(request, askedQuestion)) },
  '/quotes': {
    POST: async (request) => {
      const [signed, signature] = await quote((await readBody(request, quoteRequest)).claim);
      const { insurerAmount, patientAmount, ...rest } = signed;
      // JSON has no big integers.
      return { quote: { ...rest, insurerAmount: `${insurerAmount}`, patientAmount: `${patientAmount}` }, signature };
    },
  },
  '/receipts': { POST: async (request) => anchor(await readBody(request, paymentReceipt)) },
  '/health': { GET: async () => ({ status: 'ok', device }) },
});
