import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { buildDosage } from '#fhir/dosage.ts';
import { t } from '#messages/en.ts';
import { VerdictPanel } from './VerdictPanel.tsx';
import type { TokenOnChain, Verified } from './verifyDisclosure.ts';

const text = t.verify;
const now = Date.parse('2026-11-27T10:00:00Z');
const token: TokenOnChain = {
  ...{ tokenId: 7n, issuer: `0x${'11'.repeat(20)}`, commitment: `0x${'22'.repeat(32)}`, state: 'active', version: 0 },
  ...{ expires: now / 1000 + 60, licence: { hash: `0x${'33'.repeat(32)}`, validFrom: 0, validTo: 4_000_000_000 } },
  ...{ roleAtIssue: true, issuedInBlock: 5n, attestedBy: [] },
};
const opened = {
  ...{ tokenId: 7n, commitment: token.commitment, hidden: [] },
  shown: [{ field: 'medicine', value: { text: 'amoxicillin' } }],
} satisfies Extract<Verified, { outcome: 'genuine' }>['opened'];
const panel = (verified: Verified) => renderToStaticMarkup(<VerdictPanel verified={verified} now={now} />);

it('says genuine, and shows what is shown, of what is genuine and of nothing else', () => {
  const genuine = panel({ outcome: 'genuine', token, opened });
  expect(genuine).toContain(`>${text.genuine}<`);
  expect(genuine).toContain('amoxicillin');
  for (const [verified, title] of [
    [{ outcome: 'absent', tokenId: 7n }, text.absent],
    [{ outcome: 'forged', token, opened }, text.forged],
    [{ outcome: 'unentitled', token: { ...token, roleAtIssue: false } }, text.unentitled],
    [{ outcome: 'known', token }, text.known],
  ] as const) {
    const other = panel(verified);
    expect(other).toContain(`>${title}<`);
    expect(other).not.toContain(text.genuineBody);
    expect(other).not.toContain('amoxicillin');
  }
});

it('says beside it what nothing can be collected of any more', () => {
  const over = (change: Partial<TokenOnChain>) => panel({ outcome: 'genuine', token: { ...token, ...change }, opened });
  expect(over({ state: 'dispensed', version: 3 })).toContain(`${text.genuine}. ${text.ended.dispensed}`);
  expect(over({ state: 'cancelled', version: 3 })).toContain(`${text.genuine}. ${text.ended.cancelled}`);
  expect(over({ expires: now / 1000 })).toContain(`${text.genuine}. ${text.expired}`);
  expect(over({ state: 'partial', version: 3 })).toContain(`>${text.genuine}<`);
});

it('says that nobody has confirmed what was only issued, and is not green then', () => {
  const tones = (version: number) => {
    const shown = panel({ outcome: 'genuine', token: { ...token, version }, opened });
    return { said: shown.includes(text.notAttestedBody), green: /\b(bg|border|text)-ok/.test(shown) };
  };
  expect(tones(0)).toEqual({ said: true, green: false });
  expect(tones(3)).toEqual({ said: false, green: true });
  expect(panel({ outcome: 'known', token })).toContain(text.notAttested);
  expect(panel({ outcome: 'forged', token, opened: { ...opened, hidden: [] } })).not.toContain(text.notAttested);
});

it('says whose word the prescriber’s name is, where it is shown', () => {
  const shown = [{ field: 'prescriber' as const, value: 'Dr Beate Berg' }];
  expect(panel({ outcome: 'genuine', token, opened: { ...opened, shown } })).toContain(text.prescriberSaid);
  expect(panel({ outcome: 'genuine', token, opened })).not.toContain(text.prescriberSaid);
});

it('says what the node could not', () => {
  const unsaid = { ...token, version: 3, roleAtIssue: undefined, issuedInBlock: undefined, attestedBy: undefined };
  const shown = panel({ outcome: 'genuine', token: unsaid, opened });
  expect(shown).toContain(text.roleRule);
  expect(shown).toContain(text.attestedUnknown);
  expect(shown).not.toContain(text.attestedNone);
});

const base = { unit: 'tablet', route: 'oral', frequency: 2, period: 1, periodUnit: 'd', durationDays: 7 } as const;
const signed = buildDosage({ ...base, amount: 1 }, 'de');

const panelOf = (dosage: unknown) => {
  const shown = [{ field: 'dosage' as const, value: JSON.parse(JSON.stringify(dosage)) }];
  return panel({ outcome: 'genuine', token, opened: { ...opened, shown } });
};

describe('the dose that a proof shows', () => {
  it('is read in the patient’s language too, without a warning where its words are those of its structure', () => {
    const panel = panelOf([signed]);
    expect(panel).toContain('Take 1 tablet by mouth every 12 hours for 7 days.');
    expect(panel).toContain('1 Tablette');
    expect(panel).not.toMatch(/not what the signed dose says|and not its structure/);
  });

  it('is warned of where a signed translation says another dose', () => {
    const other = buildDosage({ ...base, amount: 2 }, 'de');
    const panel = panelOf([{ ...signed, _text: other._text }]);
    expect(panel).toContain('not what the signed dose says');
    expect(panel).toContain('2 Tabletten');
  });

  it('is said not to be compared where the proof shows the words alone', () => {
    const panel = panelOf([{ text: 'Take 1 tablet.', patientInstruction: 'With food.' }]);
    expect(panel).toContain('Take 1 tablet.');
    expect(panel).toContain('and not its structure');
  });
});
