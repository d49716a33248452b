import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { buildDosage } from '#fhir/dosage.ts';
import { VerdictPanel } from './VerdictPanel.tsx';
import type { TokenOnChain } from './verifyDisclosure.ts';

const token: TokenOnChain = {
  ...{ tokenId: 7n, issuer: '0xa', commitment: '0xc', expires: 2_000_000_000, state: 'active', version: 0 },
  licence: { hash: '0xd', validFrom: 1_700_000_000, validTo: 2_000_000_000 },
};
const base = { unit: 'tablet', route: 'oral', frequency: 2, period: 1, periodUnit: 'd', durationDays: 7 } as const;
const signed = buildDosage({ ...base, amount: 1 }, 'de');

const panelOf = (dosage: unknown) =>
  renderToStaticMarkup(
    <VerdictPanel
      now={1_800_000_000_000}
      verified={{
        ...{ outcome: 'genuine', token },
        opened: {
          ...{ tokenId: 7n, commitment: '0xc', hidden: [] },
          shown: [{ field: 'dosage', value: JSON.parse(JSON.stringify(dosage)) }],
        },
      }}
    />,
  );

describe('the dose that a proof shows', () => {
  it('is read in the patient’s language too, without a warning where its words are those of its structure', () => {
    const panel = panelOf([signed]);
    expect(panel).toContain('Take 1 tablet by mouth every 12 hours for 7 days.');
    expect(panel).toContain('1 Tablette');
    expect(panel).not.toMatch(/not what the signed dose says|were not compared/);
  });

  it('is warned of where a signed translation says another dose', () => {
    const other = buildDosage({ ...base, amount: 2 }, 'de');
    const panel = panelOf([{ ...signed, _text: other._text }]);
    expect(panel).toContain('not what the signed dose says');
    expect(panel).toContain('2 Tabletten');
  });

  it('is said not to be compared where it has another structure', () => {
    const panel = panelOf([{ text: 'Take 1 tablet.' }]);
    expect(panel).toContain('Take 1 tablet.');
    expect(panel).toContain('were not compared');
  });
});
