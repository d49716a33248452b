'use client';

import { BookCheck, CirclePause, KeyRound, Link2, LoaderCircle, Unlink, WalletMinimal } from 'lucide-react';
import { useState } from 'react';
import type { Connector } from 'wagmi';
import { useUnlock } from '#components/shell/UnlockContext.tsx';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { Hash } from '#components/ui/Facts.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { Time } from '#components/ui/Time.tsx';
import { useVault } from '#components/vault/VaultProvider.tsx';
import { foreignWallets } from '#components/wallet/link.ts';
import { t } from '#messages/en.ts';
import type { WalletView } from '#server/people/schema.ts';
import { AddOpener } from './AddOpener.tsx';
import { ChooseWallet } from './ChooseWallet.tsx';
import { useWalletLinks } from './useWalletLinks.ts';

const text = t.keys.wallets;

/** The person's wallets: the built-in one and those linked, with what is on the registry. */
export function WalletPanel({ wallets }: { wallets: WalletView[] }) {
  const { link, record, addToVault, unlink, stage, problem, onRegistry, config } = useWalletLinks();
  const vault = useVault();
  const { openDialog } = useUnlock();
  const [choosing, setChoosing] = useState<Connector[] | null>(null);
  const [adding, setAdding] = useState<string | null>(null);
  const [leaving, setLeaving] = useState<WalletView | null>(null);
  const busy = stage !== null;
  /** A change on the registry is signed, so that keys must be open first. */
  const signed = (act: () => void) => () => (onRegistry && vault.state !== 'open' ? openDialog() : act());

  return (
    <Panel labelledBy="wallets">
      <PanelHead
        id="wallets"
        title={text.title}
        remark={text.remark}
        icon={WalletMinimal}
        aside={
          <Button
            look="primary"
            icon={Link2}
            busy={busy}
            disabled={onRegistry && vault.state === 'opening'}
            onClick={signed(() => setChoosing(config === null ? [] : foreignWallets(config)))}
          >
            {text.link}
          </Button>
        }
      />
      <ul className="divide-y divide-line border-y border-line">
        {wallets.map((wallet) => (
          <li key={wallet.address} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
            <div className="min-w-0 flex-1 basis-72">
              <p className="font-bold">{wallet.kind === 'builtIn' ? text.builtIn : text.linked}</p>
              <Hash>{wallet.address}</Hash>
              {wallet.kind === 'linked' && wallet.linkedAt && (
                <p className="text-sm text-ink-2">
                  {text.since} <Time value={wallet.linkedAt} />
                </p>
              )}
            </div>
            <div className="flex flex-wrap items-center gap-2 empty:hidden">
              {onRegistry && <Recorded wallet={wallet} />}
              {vault.wallets.includes(wallet.address) && (
                <Pill tone="ok" icon={KeyRound}>
                  {text.opensKeys}
                </Pill>
              )}
              {wallet.kind === 'linked' && (
                <>
                  {!vault.wallets.includes(wallet.address) && (
                    <Button
                      size="sm"
                      icon={KeyRound}
                      disabled={busy || vault.state === 'opening'}
                      onClick={() => (vault.state === 'open' ? setAdding(wallet.address) : openDialog())}
                    >
                      {text.openKeys}
                    </Button>
                  )}
                  {onRegistry && wallet.recorded === false && (
                    <Button
                      size="sm"
                      icon={BookCheck}
                      disabled={busy}
                      onClick={signed(() => void record(wallet.address))}
                    >
                      {text.record}
                    </Button>
                  )}
                  <Button
                    size="sm"
                    look="quiet"
                    icon={Unlink}
                    disabled={busy}
                    onClick={wallet.recorded ? signed(() => setLeaving(wallet)) : () => setLeaving(wallet)}
                  >
                    {text.unlink}
                  </Button>
                </>
              )}
            </div>
          </li>
        ))}
      </ul>
      <div className="mt-3 space-y-3">
        {stage && <Notice tone="info" icon={LoaderCircle} title={text.stages[stage]} live="status" />}
        {problem && <ProblemNotice problem={problem} kept={text.kept} />}
        {onRegistry && vault.state === 'locked' && <p className="text-sm text-ink-2">{text.locked}</p>}
      </div>
      <ChooseWallet
        wallets={choosing}
        chainDown={config === null}
        onClose={() => setChoosing(null)}
        onChoose={(connector) => {
          setChoosing(null);
          void link(connector);
        }}
      />
      <AddOpener
        open={adding !== null}
        words={text.opener}
        onClose={() => setAdding(null)}
        onProved={(proof) => {
          setAdding(null);
          if (adding) void addToVault(adding, proof);
        }}
      />
      <Dialog
        open={leaving !== null}
        onOpenChange={(open) => !open && setLeaving(null)}
        title={text.unlinkTitle}
        description={text.unlinkBody}
        closeLabel={t.shell.close}
        actions={
          <>
            <Button onClick={() => setLeaving(null)}>{text.keep}</Button>
            <Button
              look="danger"
              icon={Unlink}
              onClick={() => {
                if (leaving) void unlink(leaving);
                setLeaving(null);
              }}
            >
              {text.unlink}
            </Button>
          </>
        }
      >
        {leaving && <Hash>{leaving.address}</Hash>}
      </Dialog>
    </Panel>
  );
}

function Recorded({ wallet }: { wallet: WalletView }) {
  if (wallet.recorded === undefined) return <Pill icon={CirclePause}>{text.unknown}</Pill>;
  return wallet.recorded ? (
    <Pill tone="ok" icon={BookCheck}>
      {text.recorded}
    </Pill>
  ) : (
    <Pill tone="warn" icon={CirclePause}>
      {text.unrecorded}
    </Pill>
  );
}
