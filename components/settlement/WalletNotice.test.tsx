import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { t } from '#messages/en.ts';
import { WalletNotice } from './WalletNotice.tsx';
import { etherWords } from './WalletSteps.tsx';
import { WalletProblem } from './walletProblem.ts';
import type { WalletState } from './walletTransaction.ts';

const text = t.settlement;
const nothing = () => {};
const hash = `0x${'ab'.repeat(32)}` as const;
const shown = (state: WalletState) =>
  renderToStaticMarkup(
    <WalletNotice
      state={state}
      amounts={{ coin: (units) => `${units} coins`, ether: etherWords }}
      onAgain={nothing}
      onLook={nothing}
      onClose={nothing}
    />,
  );
const failed = (problem: WalletProblem): WalletState => ({ step: 'failed', problem });

describe('what is said of something that a wallet sends', () => {
  it('is nothing before it begins, and each step while it goes on', () => {
    expect(shown({ step: 'idle' })).toBe('');
    const steps = ['connecting', 'switching', 'checking', 'approving', 'confirming', 'signing', 'bringing'] as const;
    for (const step of steps) {
      expect(shown({ step })).toContain(text.steps[step]);
      expect(shown({ step })).toContain('role="status"');
    }
  });

  it('names the transaction while it waits, that the page may be closed, and why it takes so long', () => {
    const sent = shown({ step: 'sent', part: 'call', hash });
    for (const part of [text.steps.sent, text.resumable, hash]) expect(sent).toContain(part);
    expect(sent).not.toContain(text.slow);
    expect(shown({ step: 'sent', part: 'call', hash, why: 'slow' })).toContain(text.slow);
    expect(shown({ step: 'sent', part: 'call', hash, why: 'unreachable' })).toContain(text.unreachable);
    expect(shown({ step: 'sent', part: 'approval', hash })).toContain(text.steps.sentApproval);
  });

  it('says what prevented it and what to do, with what is lacking of what', () => {
    for (const code of Object.keys(text.problems)) {
      const words = text.problems[code];
      const said = shown(failed(new WalletProblem(code)));
      expect(said).toContain('role="alert"');
      for (const part of [words?.title, words?.next, `${text.again}</button>`]) expect(said).toContain(part);
    }
    const shortage = { has: 5n, needed: 20n };
    expect(shown(failed(new WalletProblem('NO_COIN', { shortage })))).toContain('It has 5 coins and needs 20 coins.');
    const wei = { has: 0n, needed: 2n * 10n ** 15n };
    const dry = shown(failed(new WalletProblem('NO_GAS', { shortage: wei })));
    expect(dry).toContain('It has 0.000000 ETH and needs 0.002000 ETH.');
  });

  it('says the contract’s own error in words, or by its name; of the portal’s own codes what is said elsewhere', () => {
    expect(shown(failed(new WalletProblem('REFUSED', { refusal: 'NotOwed' })))).toContain(text.refusals.NotOwed);
    expect(shown(failed(new WalletProblem('REVERTED', { refusal: 'Odd' })))).toContain(text.refusal('Odd'));
    expect(shown(failed(new WalletProblem('OFFLINE')))).toContain(t.errors.texts.OFFLINE?.title);
  });

  it('offers nothing to press where nothing can be begun', () => {
    const none = renderToStaticMarkup(
      <WalletNotice
        state={failed(new WalletProblem('REJECTED'))}
        amounts={{ coin: String, ether: String }}
        onLook={nothing}
        onClose={nothing}
      />,
    );
    expect(none).not.toContain('<button');
  });

  it('lets what is not known be looked for, or begun anew; and says what was done', () => {
    const unsure = shown({ step: 'unsure' });
    for (const part of [text.unsure.title, text.look, text.unsure.startAgain]) expect(unsure).toContain(part);
    const done = shown({ step: 'done', hash, isRepriced: true });
    for (const part of [text.done, text.repriced, hash]) expect(done).toContain(part);
    expect(shown({ step: 'done', hash, isRepriced: false })).not.toContain(text.repriced);
  });
});
