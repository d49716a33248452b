'use client';

import { CircleCheck, LoaderCircle, LogIn } from 'lucide-react';
import { useEffect, useState } from 'react';
import { LinkButton } from '#components/ui/Button.tsx';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { Notice } from '#components/ui/Notice.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { t } from '#messages/en.ts';
import { readInvitation } from '#server/people/actions.ts';
import { ConfirmWords } from './ConfirmWords.tsx';
import { type MadeKeys, makeKeys, register } from './makeKeys.ts';
import { PasswordStep } from './PasswordStep.tsx';
import { PhraseStep } from './PhraseStep.tsx';

const text = t.public.enrol;

type Stage = 'reading' | 'no-token' | 'refused' | 'password' | 'making' | 'phrase' | 'confirm' | 'registering' | 'done';

interface Invitation {
  name: string;
  email: string;
  institution: string | null;
  subjectId: string;
}

/** From an invitation to registered keys: password, keys made here, recovery phrase, three of its words, registration. */
export function EnrolForm() {
  const [stage, setStage] = useState<Stage>('reading');
  const [token, setToken] = useState('');
  const [invitation, setInvitation] = useState<Invitation | null>(null);
  const [keys, setKeys] = useState<MadeKeys | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);

  useEffect(() => {
    const found = window.location.hash.slice(1);
    if (found.length < 16 || found.length > 128) return setStage('no-token');
    setToken(found);
    readInvitation(found)
      .then((result) => {
        if (result.ok) {
          setInvitation(result.data);
          setStage('password');
        } else {
          setProblem(result.error);
          setStage('refused');
        }
      })
      .catch((thrown: unknown) => {
        setProblem(problemOf(thrown, 'OFFLINE'));
        setStage('refused');
      });
  }, []);

  const make = async (password: string) => {
    if (!invitation) return;
    setProblem(null);
    setStage('making');
    try {
      setKeys(await makeKeys(password, invitation.subjectId));
      setStage('phrase');
    } catch (thrown) {
      setProblem(problemOf(thrown));
      setStage('password');
    }
  };

  const finish = async () => {
    if (!keys || !invitation) return;
    setProblem(null);
    setStage('registering');
    const failed = await register(keys, { token, email: invitation.email });
    if (failed) {
      setProblem(failed);
      setStage('confirm');
    } else {
      setKeys(null);
      setStage('done');
    }
  };

  return (
    <div>
      <h1 className="text-xl font-bold tracking-tight">{text.title}</h1>
      {invitation && (
        <p className="mt-1 text-sm text-ink-2">
          <strong className="text-ink">{invitation.name}</strong> · {invitation.email}
          {invitation.institution && ` · ${text.welcome(invitation.institution)}`}
        </p>
      )}
      <div className="mt-5 space-y-4" aria-live="polite">
        {stage === 'reading' && <Working words={text.reading} />}
        {stage === 'no-token' && (
          <Notice tone="danger" title={text.noToken.title} live="alert">
            <p>{text.noToken.body}</p>
            <p>{text.noToken.next}</p>
          </Notice>
        )}
        {problem && <ProblemNotice problem={problem} kept={stage === 'confirm' ? text.failedKept : undefined} />}
        {stage === 'password' && <PasswordStep onPassword={make} />}
        {(stage === 'making' || stage === 'registering') && <Working words={text.making} />}
        {stage === 'phrase' && keys && <PhraseStep words={keys.words} onWritten={() => setStage('confirm')} />}
        {stage === 'confirm' && keys && (
          <ConfirmWords words={keys.words} onShowAgain={() => setStage('phrase')} onConfirmed={finish} />
        )}
        {stage === 'done' && (
          <>
            <Notice tone="ok" title={text.done} icon={CircleCheck} live="status">
              <p>{text.doneBody}</p>
            </Notice>
            <LinkButton href="/sign-in" look="primary" size="lg" icon={LogIn} wide>
              {t.public.signIn.title}
            </LinkButton>
          </>
        )}
      </div>
    </div>
  );
}

function Working({ words }: { words: string }) {
  return (
    <p role="status" className="flex items-center gap-2.5 py-3 text-ink-2">
      <LoaderCircle size={19} aria-hidden className="animate-spin text-brand" />
      {words}
    </p>
  );
}
