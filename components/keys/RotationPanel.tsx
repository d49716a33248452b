'use client';

import { LoaderCircle, RefreshCw, RotateCw } from 'lucide-react';
import { useState } from 'react';
import { useUnlock } from '#components/shell/UnlockContext.tsx';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useVault } from '#components/vault/VaultProvider.tsx';
import { t } from '#messages/en.ts';
import { useRotation } from './useRotation.ts';

const text = t.keys.rotation;
const parts = ['changes', 'unreadable', 'stays'] as const;

/** New keys in the place of the present ones: what that means is said before it begins. */
export function RotationPanel() {
  const vault = useVault();
  const { openDialog } = useUnlock();
  const { rotate, begun, stage, problem } = useRotation();
  const [asking, setAsking] = useState(false);
  const open = vault.state === 'open';

  return (
    <Panel labelledBy="rotation">
      <PanelHead id="rotation" title={text.title} icon={RefreshCw} />
      <p className="text-sm text-ink-2">{text.body}</p>
      <div className="mt-3 space-y-3">
        {begun && stage === null && (
          <Notice tone="warn" title={text.begun}>
            <p>{text.begunBody}</p>
          </Notice>
        )}
        {stage && <Notice tone="info" icon={LoaderCircle} title={text.stages[stage]} live="status" />}
        {problem && <ProblemNotice problem={problem} kept={begun ? text.kept : text.keptDone} />}
        <Button
          icon={begun ? RotateCw : RefreshCw}
          busy={stage !== null || vault.state === 'opening'}
          onClick={() => (open ? setAsking(true) : openDialog())}
        >
          {begun ? text.carryOn : text.start}
        </Button>
      </div>
      <Dialog
        open={asking}
        onOpenChange={setAsking}
        title={text.askTitle}
        description={text.askBody}
        closeLabel={t.shell.close}
        actions={
          <>
            <Button onClick={() => setAsking(false)}>{text.keep}</Button>
            <Button
              look="primary"
              icon={RefreshCw}
              onClick={() => {
                setAsking(false);
                void rotate();
              }}
            >
              {text.go}
            </Button>
          </>
        }
      >
        <dl className="space-y-3">
          {parts.map((part) => (
            <div key={part}>
              <dt className="text-sm font-bold">{text.parts[part].title}</dt>
              <dd className="text-sm text-ink-2">{text.parts[part].body}</dd>
            </div>
          ))}
        </dl>
      </Dialog>
    </Panel>
  );
}
