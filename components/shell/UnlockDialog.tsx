'use client';

import { Fingerprint, KeyRound, WalletMinimal } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { TextAreaField, TextField } from '#components/ui/Field.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useVault } from '#components/vault/VaultProvider.tsx';
import { t } from '#messages/en.ts';

const text = t.shell.vault;

/** Opens the person's keys: by password, by passkey, by wallet, or by the recovery phrase. */
export function UnlockDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const vault = useVault();
  const [way, setWay] = useState<'password' | 'phrase'>('password');
  const [secret, setSecret] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const [trying, setTrying] = useState<'secret' | 'wallet' | 'passkey' | null>(null);
  const busy = trying !== null || vault.state === 'opening';

  const attempt = async (by: 'secret' | 'wallet' | 'passkey', unlock: () => Promise<unknown>) => {
    setProblem(null);
    setTrying(by);
    try {
      await unlock();
      setSecret('');
    } catch (thrown) {
      setProblem(problemOf(thrown));
    } finally {
      setTrying(null);
    }
  };

  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        setSecret('');
        setProblem(null);
        onOpenChange(next);
      }}
      title={text.title}
      description={text.body}
      closeLabel={t.shell.close}
    >
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (!secret) return;
          void attempt('secret', () => (way === 'password' ? vault.unlock(secret) : vault.unlockWithPhrase(secret)));
        }}
      >
        {way === 'password' ? (
          <TextField
            label={text.password}
            type="password"
            autoComplete="current-password"
            autoFocus
            value={secret}
            onChange={(event) => setSecret(event.target.value)}
          />
        ) : (
          <TextAreaField
            label={text.phrase}
            hint={text.phraseHint}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            autoFocus
            maxLength={400}
            value={secret}
            onChange={(event) => setSecret(event.target.value)}
          />
        )}
        {problem && <ProblemNotice problem={problem} />}
        <Button
          type="submit"
          look="primary"
          wide
          icon={KeyRound}
          busy={busy && trying !== 'wallet' && trying !== 'passkey'}
          disabled={busy || !secret}
        >
          {text.withPassword}
        </Button>
        {vault.passkeys.length > 0 && (
          <Button
            wide
            icon={Fingerprint}
            busy={trying === 'passkey'}
            disabled={busy}
            onClick={() => attempt('passkey', () => vault.unlockWithPasskey())}
          >
            {text.withPasskey}
          </Button>
        )}
        {vault.wallets.length > 0 && (
          <Button
            wide
            icon={WalletMinimal}
            busy={trying === 'wallet'}
            disabled={busy}
            onClick={() => attempt('wallet', () => vault.unlockWithWallet())}
          >
            {text.withWallet}
          </Button>
        )}
        <div className="text-center">
          <Button
            look="quiet"
            size="sm"
            disabled={busy}
            onClick={() => {
              setSecret('');
              setProblem(null);
              setWay(way === 'password' ? 'phrase' : 'password');
            }}
          >
            {way === 'password' ? text.withPhrase : text.usePassword}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
