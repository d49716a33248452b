import { expect, it } from 'vitest';
import type { Claim } from '#chaincode/model/claim.ts';
import { benefitCategories } from '#chaincode/model/plan.ts';
import { buildExplanation, parseExplanation, readExplanation } from '#fhir/explanation.ts';
import { encodeResource } from '#fhir/parse.ts';
import { billedOnLedger, closedShares } from './closedCase.ts';
import { decideBy, draftDecision } from './personDecision.ts';

const id = (prefix: string) => `${prefix}-${'a'.repeat(26)}`;
const sealed = { cid: `b${'a'.repeat(58)}`, contentHash: 'ab'.repeat(32) };
const claim: Claim = {
  ...{ id: id('clm'), use: 'claim', category: 'medicine', policy: id('pol'), authorisation: id('aut') },
  ...{ service: 'ab'.repeat(32), servedAt: '2026-03-01T00:00:00.000Z', currency: 'EUR', billed: 1_200 },
  ...{ content: sealed, reference: 'cd'.repeat(32), plan: { id: id('plan'), version: 1 }, by: id('prac') },
  ...{ insurer: 'inst-northern-mutual', provider: 'inst-river-pharmacy', at: '2026-03-01T10:00:00.000Z' },
  ...{ state: 'inReview', decisions: [], messages: [], receipts: [], version: 2 },
};

it('a claim of any kind that does not open is denied with an explanation of all that was billed', () => {
  for (const category of benefitCategories) {
    for (const use of ['claim', 'preauthorisation'] as const) {
      const proposed = [closedShares(claim)];
      const draft = { ...draftDecision({ items: proposed }), outcome: 'deny' as const, note: 'Please bill it again.' };
      const answer = decideBy({ ...draft, reasons: ['EVIDENCE_MISSING'] }, proposed);
      if ('faults' in answer) throw new Error(`${[...answer.faults.keys()]}`);
      const made = buildExplanation(
        billedOnLedger({ ...claim, category, use }),
        { ...answer.decided, trace: [] },
        claim.at,
      );
      expect(readExplanation(parseExplanation(encodeResource(made))), `${use} ${category}`).toMatchObject({
        ...{ outcome: 'denied', reasons: ['EVIDENCE_MISSING'], note: 'Please bill it again.', trace: [] },
        total: { billed: 1_200, allowed: 0, insurer: 0, patient: 0 },
      });
    }
  }
});
