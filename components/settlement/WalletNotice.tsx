import { LoaderCircle, RotateCcw, Search } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { wordsFor } from '#components/ui/errors.ts';
import { Hash } from '#components/ui/Facts.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { t } from '#messages/en.ts';
import type { WalletProblem } from './walletProblem.ts';
import type { WalletState } from './walletTransaction.ts';

const text = t.settlement;

/** An amount in smallest units as a person reads it. */
export type AmountWords = (units: bigint) => string;

/** What prevents something that is sent or signed by a wallet, and what to do; of a shortage, what there is of what and what is needed. */
export function WalletProblemNotice({
  problem: { code, message, refusal, shortage },
  amounts,
  hash,
  actions,
}: {
  problem: Pick<WalletProblem, 'code' | 'message' | 'refusal' | 'shortage'>;
  /** Words for amounts of the coin, and of ether. */
  amounts: { coin: AmountWords; ether: AmountWords };
  hash?: string | undefined;
  actions?: ReactNode;
}) {
  const known = text.problems[code] ?? wordsFor({ code, message });
  const words = code === 'NO_GAS' ? amounts.ether : amounts.coin;
  return (
    <Notice tone={code === 'REJECTED' ? 'warn' : 'danger'} title={known.title} live="alert" actions={actions}>
      {refusal !== undefined && <p>{text.refusals[refusal] ?? text.refusal(refusal)}</p>}
      {shortage !== undefined && <p>{text.short(words(shortage.has), words(shortage.needed))}</p>}
      {known.next && <p>{known.next}</p>}
      {hash !== undefined && <Transaction hash={hash} />}
    </Notice>
  );
}

/** How far something is that is sent by a wallet; nothing before it begins. */
export function WalletNotice({
  state,
  amounts,
  onAgain,
  onLook,
  onClose,
}: {
  state: WalletState;
  amounts: { coin: AmountWords; ether: AmountWords };
  /** Left out where there is nothing to press yet. */
  onAgain?: (() => void) | undefined;
  onLook: () => void;
  onClose: () => void;
}) {
  const again = (label: string) =>
    onAgain && (
      <Button size="sm" icon={RotateCcw} onClick={onAgain}>
        {label}
      </Button>
    );
  switch (state.step) {
    case 'idle':
      return null;
    case 'failed':
      return (
        <WalletProblemNotice problem={state.problem} amounts={amounts} hash={state.hash} actions={again(text.again)} />
      );
    case 'unsure':
      return (
        <Notice
          tone="warn"
          title={text.unsure.title}
          live="alert"
          actions={
            <>
              <Button size="sm" icon={Search} onClick={onLook}>
                {text.look}
              </Button>
              {again(text.unsure.startAgain)}
            </>
          }
        >
          <p>{text.unsure.body}</p>
        </Notice>
      );
    case 'done':
      return (
        <Notice
          tone="ok"
          title={text.done}
          live="status"
          actions={
            <Button size="sm" onClick={onClose}>
              {text.close}
            </Button>
          }
        >
          {state.isRepriced && <p>{text.repriced}</p>}
          <Transaction hash={state.hash} />
        </Notice>
      );
    case 'sent':
      return (
        <Notice
          icon={LoaderCircle}
          title={state.part === 'approval' ? text.steps.sentApproval : text.steps.sent}
          live="status"
        >
          {state.why !== undefined && <p>{text[state.why]}</p>}
          <p>{text.resumable}</p>
          <Transaction hash={state.hash} />
        </Notice>
      );
    default:
      return <Notice icon={LoaderCircle} title={text.steps[state.step]} live="status" />;
  }
}

const Transaction = ({ hash }: { hash: string }) => (
  <p>
    {text.transaction} <Hash>{hash}</Hash>
  </p>
);
