'use client';

import { LogIn, ShieldCheck, WalletMinimal } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { TextField } from '#components/ui/Field.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { t } from '#messages/en.ts';
import { returnAddress } from './returnAddress.ts';
import { type SignInOutcome, signInWithPassword, signInWithWallet } from './signIn.ts';

const text = t.public.signIn;

/** Signs in by e-mail and password, or by the signature of an injected wallet. */
export function SignInForm() {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [missing, setMissing] = useState<{ email?: string; password?: string }>({});
  const [busy, setBusy] = useState<'password' | 'wallet' | null>(null);
  const [refusal, setRefusal] = useState<Exclude<SignInOutcome, 'signed-in'> | null>(null);

  const finish = (outcome: SignInOutcome) => {
    // A full load, so that every layout reads the new session.
    if (outcome === 'signed-in') return window.location.assign(returnAddress(window.location.search));
    setRefusal(outcome);
    setBusy(null);
  };

  const submit = async () => {
    const gaps = { ...(!email && { email: text.emailMissing }), ...(!password && { password: text.passwordMissing }) };
    setMissing(gaps);
    if (gaps.email || gaps.password) return;
    setRefusal(null);
    setBusy('password');
    finish(await signInWithPassword(email, password));
  };

  const wallet = async () => {
    setRefusal(null);
    setBusy('wallet');
    finish(await signInWithWallet());
  };

  return (
    <div className="space-y-4">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
        className="space-y-4"
      >
        <TextField
          label={text.email}
          type="email"
          name="email"
          autoComplete="username"
          inputMode="email"
          autoFocus
          value={email}
          error={missing.email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <TextField
          label={text.password}
          type="password"
          name="password"
          autoComplete="current-password"
          value={password}
          error={missing.password}
          onChange={(event) => setPassword(event.target.value)}
        />
        {refusal && (
          <Notice tone="danger" title={refusals[refusal].title} live="alert">
            <p>{refusals[refusal].next}</p>
          </Notice>
        )}
        <Button
          type="submit"
          look="primary"
          size="lg"
          wide
          icon={LogIn}
          busy={busy === 'password'}
          disabled={busy !== null}
        >
          {busy === 'password' ? text.working : text.submit}
        </Button>
        <p className="text-center text-sm">
          <Link href="/recover" className="font-semibold text-brand underline-offset-4 hover:underline">
            {text.forgot}
          </Link>
        </p>
        <p className="flex gap-2.5 text-sm text-ink-2">
          <ShieldCheck size={18} aria-hidden className="mt-0.5 shrink-0 text-ok" />
          {text.split}
        </p>
      </form>
      <div className="flex items-center gap-3 text-sm text-ink-3" aria-hidden>
        <span className="h-px flex-1 bg-line" />
        {text.or}
        <span className="h-px flex-1 bg-line" />
      </div>
      <Button wide icon={WalletMinimal} busy={busy === 'wallet'} disabled={busy !== null} onClick={wallet}>
        {busy === 'wallet' ? text.walletAsking : text.wallet}
      </Button>
      <p className="text-center text-sm text-ink-3">{text.invited}</p>
    </div>
  );
}

const refusals: Record<Exclude<SignInOutcome, 'signed-in'>, { title: string; next: string }> = {
  wrong: { title: text.wrong, next: text.wrongNext },
  unavailable: { title: text.unavailable, next: text.unavailableNext },
  limited: { title: text.limited, next: text.limitedNext },
  suspended: { title: text.suspended, next: text.suspendedNext },
  'wallet-none': { title: text.walletNone, next: text.walletNoneBody },
  'wallet-wrong': { title: text.walletWrong, next: text.walletWrongNext },
  'wallet-rejected': { title: text.walletRejected, next: text.walletRejectedNext },
};
