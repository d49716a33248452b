'use client';

import { KeyRound, LockKeyhole } from 'lucide-react';
import { Button } from '#components/ui/Button.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { useVault } from '#components/vault/VaultProvider.tsx';
import { t } from '#messages/en.ts';
import { useUnlock } from './UnlockContext.tsx';

const text = t.shell.vault;

/** Says that keys are locked, with the way to open them; nothing while they are open. */
export function UnlockNotice() {
  const vault = useVault();
  const { openDialog } = useUnlock();
  if (vault.state === 'open' || vault.state === 'opening') return null;
  if (vault.state === 'none') {
    return (
      <Notice tone="warn" title={text.none.title} icon={KeyRound}>
        <p>{text.none.body}</p>
      </Notice>
    );
  }
  return (
    <Notice
      tone="info"
      title={text.needed.title}
      icon={LockKeyhole}
      actions={
        <Button size="sm" icon={KeyRound} onClick={openDialog}>
          {text.needed.action}
        </Button>
      }
    >
      <p>{text.needed.body}</p>
    </Notice>
  );
}
