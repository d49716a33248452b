'use client';

import { BadgeCheck, LockKeyhole, PenLine } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { chainLabel } from '#components/shell/chains.ts';
import { Button } from '#components/ui/Button.tsx';
import { Kbd } from '#components/ui/Kbd.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Steps } from '#components/ui/Steps.tsx';
import { t } from '#messages/en.ts';
import type { IssueProgress } from './progress.ts';

const text = t.prescribing.sign;

/** The person's three steps with the state of each, and the one button. */
export function SignPanel({
  patient,
  channel,
  sentence,
  progress,
  obstacle,
  onSign,
  children,
}: {
  patient: string | null;
  channel: string | null;
  /** What will be signed, in words; null while something is missing. */
  sentence: string | null;
  progress: IssueProgress;
  /** What is still missing before it can be signed; null where nothing is. */
  obstacle: string | null;
  onSign: () => void;
  /** Outcome, problem and what can be done about it. */
  children?: ReactNode;
}) {
  const { encrypt, sign, mint } = progress.steps;
  const { of = 1, signed = 0, minted = 0 } = progress.parts ?? {};
  const isSeries = of > 1 && progress.stage !== 'idle';
  const begun = progress.stage !== 'idle';
  const running = progress.stage === 'running';
  const place = useRef<HTMLDivElement>(null);
  // The fields and the button are out of reach while it is signed: the focus waits here, where the steps are told.
  useEffect(() => {
    if (running) place.current?.focus();
  }, [running]);
  return (
    <Panel>
      <PanelHead title={text.title} />
      <div ref={place} tabIndex={-1} className="rounded-sm outline-offset-8">
        <Steps
          stateLabels={t.shell.steps}
          steps={[
            {
              name: 'encrypt',
              icon: LockKeyhole,
              state: encrypt,
              title: patient ? text.encrypt(patient) : text.encryptNobody,
              detail: encrypt === 'done' ? text.doneEncrypt : text.encryptDetail,
            },
            {
              name: 'sign',
              icon: PenLine,
              state: sign,
              title: text.sign,
              detail: isSeries
                ? text.doneSignParts(signed, of)
                : progress.blockNumber
                  ? text.doneSign(progress.blockNumber)
                  : channel
                    ? text.signDetail(chainLabel(channel))
                    : text.signDetailNobody,
            },
            {
              name: 'mint',
              icon: BadgeCheck,
              state: mint,
              title: text.mint,
              detail:
                isSeries && minted > 0
                  ? text.doneMintParts(minted, of)
                  : mint === 'done'
                    ? text.doneMint
                    : text.mintDetail,
            },
          ]}
        />
      </div>
      {sentence && <p className="mt-4 rounded-lg bg-sunken px-3 py-2.5 text-sm font-semibold">{sentence}</p>}
      {children && <div className="mt-4">{children}</div>}
      {(progress.stage === 'idle' || running) && (
        <div className="mt-4">
          <Button
            look="primary"
            wide
            icon={PenLine}
            busy={running}
            disabled={obstacle !== null}
            aria-keyshortcuts="Control+Enter"
            onClick={onSign}
            after={!begun && <Kbd onBrand>Ctrl ⏎</Kbd>}
          >
            {begun ? text.signing : text.action}
          </Button>
          {obstacle && <p className="mt-2.5 text-center text-sm text-ink-2">{obstacle}</p>}
        </div>
      )}
    </Panel>
  );
}
