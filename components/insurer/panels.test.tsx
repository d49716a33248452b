import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { adjudicate } from '#coverage/adjudicate.ts';
import { factsOf, historyOf, inputOf, pastOf, termsOf } from '#coverage/testing.ts';
import { t } from '#messages/en.ts';
import { EvidencePanel } from './EvidencePanel.tsx';
import { RulesPanel } from './RulesPanel.tsx';

const medicine = { category: 'medicine', use: 'claim' } as const;
const plan = {
  ...{
    id: `plan-${'a'.repeat(26)}`,
    version: 3,
    validFrom: '2026-01-01T00:00:00.000Z',
    insurer: 'inst-northern-mutual',
  },
  ...{ by: `prac-${'a'.repeat(26)}`, at: '2026-01-01T00:00:00.000Z', terms: termsOf() },
};

describe('the evidence', () => {
  const shown = (faults: Parameters<typeof EvidencePanel>[0]['checked'], claim = medicine) =>
    renderToStaticMarkup(<EvidencePanel claim={claim} checked={faults} />);

  it('has a word beside each line, and what was shown of the prescription', () => {
    const said = shown({ shown: { quantity: { value: 30, unit: 'tablet' } }, dispense: undefined, faults: [] });
    expect(said).toContain(t.claimsCase.evidence.all);
    expect(said).toContain('30 tablet');
    expect(said).not.toContain(t.claimsCase.evidence.states.fails);
  });

  it('says what does not hold, and never that what hangs on it does', () => {
    const said = shown({ shown: {}, dispense: undefined, faults: [{ reason: 'EVIDENCE_INVALID', at: 'notaries' }] });
    expect(said).not.toContain(t.claimsCase.evidence.all);
    const { fails, unknown, holds } = t.claimsCase.evidence.states;
    const count = (word: string) => said.split(`>${word}</span>`).length - 1;
    expect([count(holds), count(fails), count(unknown)]).toEqual([4, 1, 6]);
  });

  it('does not call a service in order that nobody signs for', () => {
    const said = renderToStaticMarkup(
      <EvidencePanel claim={{ category: 'inpatient', use: 'claim' }} checked={undefined} />,
    );
    expect(said).toContain(t.claimsCase.evidence.none);
    expect(said).not.toContain(t.claimsCase.evidence.all);
  });
});

describe('the rules', () => {
  const shown = (input: ReturnType<typeof inputOf>) =>
    renderToStaticMarkup(
      <RulesPanel judged={adjudicate(input)} plan={plan} beside={{ opened: 1, all: 2, closed: 1 }} />,
    );

  it('say what they would do, and that nothing is unusual', () => {
    const said = shown(inputOf());
    expect(said).toContain(t.claimsCase.rules.proposal.approved);
    expect(said).toContain(t.claimsCase.rules.noSignals);
    expect(said).not.toContain(t.claimsCase.rules.person);
    expect(said).toContain('1 of 2 past claims');
    expect(said).toContain('1 could not be opened');
  });

  it('say why a person looks, with the signal in words', () => {
    const facts = factsOf();
    const history = historyOf(pastOf({ service: facts.service }));
    const said = shown(inputOf({ facts, history }));
    expect(said).toContain(t.claimsCase.rules.person);
    expect(said).toContain('claimed before (1)');
    expect(said).not.toContain(t.claimsCase.rules.noSignals);
  });
});
