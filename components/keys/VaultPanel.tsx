'use client';

import { KeyRound, LockKeyhole, LockKeyholeOpen } from 'lucide-react';
import { useUnlock } from '#components/shell/UnlockContext.tsx';
import { Button } from '#components/ui/Button.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import { useVault } from '#components/vault/VaultProvider.tsx';
import { t } from '#messages/en.ts';

const text = t.keys.vault;

/** Whether the keys are open in this browser, and the button that locks them at once. */
export function VaultPanel() {
  const vault = useVault();
  const { openDialog } = useUnlock();
  const open = vault.state === 'open';
  const state = { open: text.open, opening: text.opening, locked: text.closed, none: text.closed }[vault.state];
  return (
    <Panel labelledBy="vault">
      <PanelHead
        id="vault"
        title={text.title}
        icon={KeyRound}
        aside={
          <Pill tone={open ? 'ok' : 'neutral'} icon={open ? LockKeyholeOpen : LockKeyhole}>
            {state}
          </Pill>
        }
      />
      <p className="text-sm text-ink-2">{text.body}</p>
      {vault.opened && (
        <p className="mt-1 text-sm text-ink-2">
          {text.ways}: {vault.opened.ways.map((way) => text.way[way]).join(', ')}
        </p>
      )}
      <div className="mt-3">
        {open ? (
          <Button icon={LockKeyhole} onClick={() => void vault.lock()}>
            {text.lock}
          </Button>
        ) : (
          <Button icon={KeyRound} busy={vault.state === 'opening'} onClick={openDialog}>
            {text.unlock}
          </Button>
        )}
      </div>
    </Panel>
  );
}
