'use client';

import { ArrowRight, CircleCheck, LogIn, ShieldCheck } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { PasswordStep } from '#components/enrolment/PasswordStep.tsx';
import { StillOpening } from '#components/keys/StillOpening.tsx';
import { Button, LinkButton } from '#components/ui/Button.tsx';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { TextAreaField, TextField } from '#components/ui/Field.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { t } from '#messages/en.ts';
import { discard, type Proven, provePhrase, replacePassword } from './recover.ts';

const text = t.public.recover;

/** Replaces a forgotten password: e-mail and recovery phrase are proved, then a new password is chosen. */
export function RecoverForm() {
  const [email, setEmail] = useState('');
  const [phrase, setPhrase] = useState('');
  const [missing, setMissing] = useState(false);
  const [proven, setProven] = useState<Proven | null>(null);
  const [busy, setBusy] = useState(false);
  /** Once it is done, the wallets that still open the keys. */
  const [done, setDone] = useState<string[] | null>(null);
  const [refusal, setRefusal] = useState<Problem | null>(null);
  const left = useRef(false);

  useEffect(() => {
    left.current = false;
    return () => {
      left.current = true;
    };
  }, []);
  // A proof is wiped when it is given up, used, or the page is left.
  useEffect(() => (proven === null ? undefined : () => discard(proven)), [proven]);

  const attempt = async (work: () => Promise<void>) => {
    setRefusal(null);
    setBusy(true);
    try {
      await work();
    } catch (thrown) {
      const problem = problemOf(thrown);
      setRefusal(wordsOf(problem, proven !== null));
      // Whatever came between, the proof is made anew.
      if (problem.code === 'UNAUTHENTICATED' || problem.code === 'CONFLICT') setProven(null);
    } finally {
      setBusy(false);
    }
  };

  const prove = () => {
    setMissing(true);
    if (!email || !phrase.trim()) return;
    void attempt(async () => {
      const next = await provePhrase(email, phrase);
      if (left.current) discard(next);
      else setProven(next);
    });
  };

  const replace = (password: string) =>
    attempt(async () => {
      if (proven === null) return;
      const wallets = await replacePassword(proven, password);
      setPhrase('');
      setProven(null);
      setDone(wallets);
    });

  if (done !== null) {
    return (
      <div className="space-y-4">
        <Notice tone="ok" title={text.done} icon={CircleCheck} live="status">
          <p>{text.doneBody}</p>
        </Notice>
        <StillOpening wallets={done} />
        <LinkButton href="/sign-in" look="primary" size="lg" icon={LogIn} wide>
          {t.public.signIn.title}
        </LinkButton>
      </div>
    );
  }
  if (proven !== null) {
    return (
      <PasswordStep onPassword={replace} action={text.replace} busy={busy}>
        <p className="text-ink-2">{text.proved}</p>
        {refusal && <ProblemNotice problem={refusal} />}
      </PasswordStep>
    );
  }
  return (
    <form
      noValidate
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault();
        prove();
      }}
    >
      <p className="text-ink-2">{text.body}</p>
      <TextField
        label={text.email}
        type="email"
        name="email"
        autoComplete="username"
        inputMode="email"
        autoFocus
        value={email}
        error={missing && !email ? text.emailMissing : null}
        onChange={(event) => setEmail(event.target.value)}
      />
      <TextAreaField
        label={text.phrase}
        hint={text.phraseHint}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={400}
        value={phrase}
        error={missing && !phrase.trim() ? text.phraseMissing : null}
        onChange={(event) => setPhrase(event.target.value)}
      />
      {refusal && <ProblemNotice problem={refusal} />}
      <Button type="submit" look="primary" size="lg" wide icon={ArrowRight} busy={busy}>
        {text.next}
      </Button>
      <p className="flex gap-2.5 text-sm text-ink-2">
        <ShieldCheck size={18} aria-hidden className="mt-0.5 shrink-0 text-ok" />
        {text.stays}
      </p>
      <p className="text-sm text-ink-3">{text.none}</p>
    </form>
  );
}

/**
 * Words of this page for codes that mean something else elsewhere. Only of a proof is it known that nothing was changed:
 * the answer to an earlier press may have been lost.
 */
function wordsOf(problem: Problem, isProven: boolean): Problem {
  const words =
    problem.code === 'UNAUTHENTICATED'
      ? isProven
        ? text.ranOut
        : text.wrong
      : problem.code === 'CONFLICT'
        ? text.conflict
        : problem.code === 'INVALID_INPUT' && !isProven
          ? text.wrong
          : text.faults[problem.code];
  const kept = isProven ? {} : { kept: text.kept };
  if (words === undefined) return { ...problem, ...kept };
  return { code: `RECOVERY_${problem.code}`, message: words.title, next: words.next, ...kept };
}
