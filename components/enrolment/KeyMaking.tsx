'use client';

import { useState } from 'react';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { t } from '#messages/en.ts';
import { ConfirmWords } from './ConfirmWords.tsx';
import { type MadeKeys, makeKeys } from './makeKeys.ts';
import { PasswordStep } from './PasswordStep.tsx';
import { PhraseStep } from './PhraseStep.tsx';
import { Working } from './Working.tsx';

type Stage = 'password' | 'making' | 'phrase' | 'confirm' | 'sending';

/** From a new password to keys that are sent: keys made here, recovery phrase, three of its words. */
export function KeyMaking({
  subjectId,
  kept,
  send,
}: {
  /** What the certificate request names. */
  subjectId: string;
  /** Said where the keys could not be sent. */
  kept: string;
  /** May be called again with the same keys. */
  send: (keys: MadeKeys['sent']) => Promise<void>;
}) {
  const [stage, setStage] = useState<Stage>('password');
  const [keys, setKeys] = useState<MadeKeys | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);

  const make = async (password: string) => {
    setProblem(null);
    setStage('making');
    try {
      setKeys(await makeKeys(password, subjectId));
      setStage('phrase');
    } catch (thrown) {
      setProblem(problemOf(thrown));
      setStage('password');
    }
  };
  const finish = async () => {
    if (!keys) return;
    setProblem(null);
    setStage('sending');
    try {
      await send(keys.sent);
    } catch (thrown) {
      setProblem(problemOf(thrown, 'OFFLINE'));
      setStage('confirm');
    }
  };

  return (
    <>
      {problem && <ProblemNotice problem={problem} kept={stage === 'confirm' ? kept : undefined} />}
      {stage === 'password' && <PasswordStep onPassword={make} />}
      {(stage === 'making' || stage === 'sending') && <Working words={t.public.enrol.making} />}
      {stage === 'phrase' && keys && <PhraseStep words={keys.words} onWritten={() => setStage('confirm')} />}
      {stage === 'confirm' && keys && (
        <ConfirmWords words={keys.words} onShowAgain={() => setStage('phrase')} onConfirmed={finish} />
      )}
    </>
  );
}
