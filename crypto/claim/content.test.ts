import { describe, expect, it } from 'vitest';
import { randomBytes, toBase64Url, utf8 } from '../bytes.ts';
import { sealDocument } from '../envelope.ts';
import { newIdentifier } from '../identifier.ts';
import {
  disclosureIn,
  newReferenceSalt,
  openClaim,
  openClaimMessage,
  openExplanation,
  referenceOf,
  sealClaim,
  sealClaimMessage,
  sealExplanation,
} from './content.ts';
import { openDetails, sealDetails } from './details.ts';
import { testClaim, testInsured, testPrescription } from './testClaim.ts';

const refused = (code: string) => expect.objectContaining({ code });
const dataKey = randomBytes(32);

describe('a claim', () => {
  it('opens to what was sealed, and to nothing with a byte changed', async () => {
    const { claim, content } = await testClaim(testPrescription());
    const { bytes, ...recorded } = await sealClaim(dataKey, claim, content);
    const onLedger = { ...claim, content: recorded };
    expect(await openClaim(dataKey, onLedger, bytes)).toEqual(content);
    for (let index = 0; index < bytes.length; index += 97) {
      const changed = bytes.slice();
      changed[index] = (changed[index] ?? 0) ^ 1;
      await expect(openClaim(dataKey, onLedger, changed)).rejects.toThrow(refused('ALTERED'));
    }
    await expect(openClaim(randomBytes(32), onLedger, bytes)).rejects.toThrow(refused('WRONG_KEY'));
  });

  it('opens in its own place only', async () => {
    const { claim, content } = await testClaim(testPrescription());
    const { bytes, ...recorded } = await sealClaim(dataKey, claim, content);
    const onLedger = { ...claim, content: recorded };
    const others = [
      { by: newIdentifier('prac') },
      { id: newIdentifier('clm') },
      { content: { ...recorded, contentHash: '0'.repeat(64) } },
      { reference: referenceOf(claim.id, newReferenceSalt()) },
    ];
    for (const other of others)
      await expect(openClaim(dataKey, { ...onLedger, ...other }, bytes)).rejects.toThrow(refused('ALTERED'));
    const told = { kind: 'question', by: claim.by, at: '', ...recorded } as const;
    await expect(openClaimMessage(dataKey, claim.id, told, bytes)).rejects.toThrow(refused('ALTERED'));
  });

  it('that is nested deeper than the stack is refused as any other that is none', async () => {
    const { claim } = await testClaim(testPrescription());
    const plain = `{"version":1,"claim":{"text":${'['.repeat(50_000)}${']'.repeat(50_000)}}}`;
    const context = { documentId: `${claim.id}/claim`, version: 0, author: claim.by };
    const { bytes, ...content } = await sealDocument(dataKey, context, utf8(plain));
    await expect(openClaim(dataKey, { ...claim, content }, bytes)).rejects.toThrow(refused('ENVELOPE_MALFORMED'));
  });

  it('is not sealed where it is none, or has a disclosure that is none', async () => {
    const { claim, content } = await testClaim(testPrescription());
    await expect(sealClaim(dataKey, claim, { ...content, referenceSalt: 'short' })).rejects.toThrow();
    expect(() => disclosureIn({ disclosure: toBase64Url(randomBytes(64)) })).toThrow(refused('DISCLOSURE_MALFORMED'));
  });

  it('is named on Ethereum by what nobody finds without its salt', () => {
    const [id, salt] = [newIdentifier('clm'), newReferenceSalt()];
    expect(referenceOf(id, salt)).toMatch(/^[0-9a-f]{64}$/);
    expect(referenceOf(id, salt)).toBe(referenceOf(id, salt));
    expect(referenceOf(id, newReferenceSalt())).not.toBe(referenceOf(id, salt));
    expect(referenceOf(newIdentifier('clm'), salt)).not.toBe(referenceOf(id, salt));
    expect(() => referenceOf(id, toBase64Url(randomBytes(16)))).toThrow(refused('KEY_LENGTH'));
  });
});

describe('what is said of a claim', () => {
  const id = newIdentifier('clm');

  it('an explanation opens for the decision that it explains', async () => {
    const decided = { claim: id, version: 3, by: newIdentifier('dev') };
    const content = {
      version: 1 as const,
      explanation: { resourceType: 'ExplanationOfBenefit' },
    };
    const { bytes, ...explanation } = await sealExplanation(dataKey, decided, content);
    expect(await openExplanation(dataKey, { ...decided, explanation }, bytes)).toEqual(content);
    for (const other of [{ claim: newIdentifier('clm') }, { version: 4 }, { by: newIdentifier('dev') }]) {
      const elsewhere = openExplanation(dataKey, { ...decided, ...other, explanation }, bytes);
      await expect(elsewhere).rejects.toThrow(refused('ALTERED'));
    }
  });

  it('a message opens as what it was, of who wrote it', async () => {
    const told = { id, kind: 'appeal', by: newIdentifier('pol') } as const;
    const { bytes, ...recorded } = await sealClaimMessage(dataKey, told, 'It was an emergency.');
    const message = { kind: told.kind, by: told.by, at: '2026-11-27T12:00:00.000Z', ...recorded };
    expect(await openClaimMessage(dataKey, id, message, bytes)).toBe('It was an emergency.');
    for (const other of [{ kind: 'question' as const }, { by: newIdentifier('pol') }]) {
      const elsewhere = openClaimMessage(dataKey, id, { ...message, ...other }, bytes);
      await expect(elsewhere).rejects.toThrow(refused('ALTERED'));
    }
    await expect(openClaimMessage(dataKey, newIdentifier('clm'), message, bytes)).rejects.toThrow(refused('ALTERED'));
    for (const words of ['', 'x'.repeat(4_001)]) await expect(sealClaimMessage(dataKey, told, words)).rejects.toThrow();
  });
});

describe('the details of a policy', () => {
  it('are of that policy and plan alone', async () => {
    const [policy, plan] = [newIdentifier('pol'), newIdentifier('plan')];
    const content = { version: 1 as const, policy, plan, insured: testInsured };
    const { bytes, ...details } = await sealDetails(dataKey, content);
    expect(await openDetails(dataKey, { id: policy, plan, details }, bytes)).toEqual(content);
    for (const other of [{ id: newIdentifier('pol') }, { plan: newIdentifier('plan') }]) {
      const elsewhere = openDetails(dataKey, { id: policy, plan, details, ...other }, bytes);
      await expect(elsewhere).rejects.toThrow(refused('ALTERED'));
    }
  });
});
