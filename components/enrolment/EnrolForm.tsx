'use client';

import { CircleCheck, LogIn } from 'lucide-react';
import { useEffect, useState } from 'react';
import { LinkButton } from '#components/ui/Button.tsx';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { Notice } from '#components/ui/Notice.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { expectData } from '#components/vault/errors.ts';
import { t } from '#messages/en.ts';
import { enrol, readInvitation } from '#server/people/actions.ts';
import { KeyMaking } from './KeyMaking.tsx';
import { Working } from './Working.tsx';

const text = t.public.enrol;

type Stage = 'reading' | 'no-token' | 'refused' | 'keys' | 'done';

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
  const [problem, setProblem] = useState<Problem | null>(null);

  useEffect(() => {
    const found = window.location.hash.slice(1);
    if (found.length < 16 || found.length > 128) return setStage('no-token');
    setToken(found);
    readInvitation(found)
      .then((result) => {
        if (result.ok) {
          setInvitation(result.data);
          setStage('keys');
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
        {problem && <ProblemNotice problem={problem} />}
        {stage === 'keys' && invitation && (
          <KeyMaking
            subjectId={invitation.subjectId}
            kept={text.failedKept}
            send={async (keys) => {
              expectData(await enrol({ ...keys, token, email: invitation.email }));
              setStage('done');
            }}
          />
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
