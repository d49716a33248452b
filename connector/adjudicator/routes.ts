import { type SealedQuestion, type SealedReply, sealedQuestion } from '#crypto/claim/question.ts';
import { readBody } from '../http/body.ts';
import type { Routes } from '../http/server.ts';

export interface Served {
  device: string;
  answer(question: SealedQuestion): Promise<SealedReply>;
}

/** What an adjudicator does for the portal. */
export const adjudicatorRoutes = ({ device, answer }: Served): Routes => ({
  '/questions': { POST: async (request) => answer(await readBody(request, sealedQuestion)) },
  '/health': { GET: async () => ({ status: 'ok', device }) },
});
