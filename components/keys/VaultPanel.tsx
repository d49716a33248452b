'use client';

import {
  KeyRound,
  LockKeyhole,
  LockKeyholeOpen,
  type LucideIcon,
  NotebookPen,
  RectangleEllipsis,
  WalletMinimal,
} from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useUnlock } from '#components/shell/UnlockContext.tsx';
import { Button } from '#components/ui/Button.tsx';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { Hash } from '#components/ui/Facts.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useVault } from '#components/vault/VaultProvider.tsx';
import { t } from '#messages/en.ts';
import { ChangePassword } from './ChangePassword.tsx';
import { RenewPhrase } from './RenewPhrase.tsx';

const text = t.keys.vault;

/** Whether the keys are open in this browser, what opens them, and how that is changed. */
export function VaultPanel() {
  const vault = useVault();
  const { openDialog } = useUnlock();
  const [changing, setChanging] = useState<'password' | 'phrase' | null>(null);
  const [removing, setRemoving] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const open = vault.state === 'open';
  const state = { open: text.open, opening: text.opening, locked: text.closed, none: text.closed }[vault.state];
  /** Password and phrase are put on with the vault's own key. */
  const change = (what: 'password' | 'phrase') => () => (open ? setChanging(what) : openDialog());
  const remove = async (address: string) => {
    setProblem(null);
    setRemoving(address);
    try {
      await vault.locks.removeWallet(address);
    } catch (thrown) {
      setProblem(problemOf(thrown));
    } finally {
      setRemoving(null);
    }
  };

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
      <h3 id="ways" className="mt-4 mb-1.5 text-sm font-semibold text-ink-2">
        {text.ways}
      </h3>
      <ul aria-labelledby="ways" className="divide-y divide-line border-y border-line">
        <Way icon={RectangleEllipsis} name={text.way.password}>
          <Button size="sm" look="quiet" onClick={change('password')}>
            {text.password.change}
          </Button>
        </Way>
        <Way
          icon={NotebookPen}
          name={text.way.recovery}
          remark={vault.recoverable ? text.phrase.recovers : text.phrase.opensOnly}
        >
          <Button size="sm" look="quiet" onClick={change('phrase')}>
            {text.phrase.renew}
          </Button>
        </Way>
        {vault.wallets.map((address) => (
          <Way key={address} icon={WalletMinimal} name={text.way.wallet} remark={<Hash>{address}</Hash>}>
            <Button
              size="sm"
              look="quiet"
              busy={removing === address}
              disabled={removing !== null}
              onClick={() => void remove(address)}
            >
              {text.remove}
            </Button>
          </Way>
        ))}
      </ul>
      <div className="mt-3 space-y-3">
        {problem && <ProblemNotice problem={problem} />}
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
      <ChangePassword open={changing === 'password'} onClose={() => setChanging(null)} />
      <RenewPhrase open={changing === 'phrase'} onClose={() => setChanging(null)} />
    </Panel>
  );
}

/** One way to open the keys. */
function Way({
  icon: Icon,
  name,
  remark,
  children,
}: {
  icon: LucideIcon;
  name: string;
  remark?: ReactNode;
  children: ReactNode;
}) {
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2">
      <Icon size={17} aria-hidden className="shrink-0 text-ink-2" />
      <div className="min-w-0 flex-1 basis-44">
        <p className="text-sm font-semibold">{name}</p>
        {remark && <div className="text-sm text-ink-3">{remark}</div>}
      </div>
      {children}
    </li>
  );
}
