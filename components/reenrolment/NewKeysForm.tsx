'use client';

import { ArrowRight, CircleCheck, KeyRound } from 'lucide-react';
import { useEffect, useState } from 'react';
import { KeyMaking } from '#components/enrolment/KeyMaking.tsx';
import { Button } from '#components/ui/Button.tsx';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { TextField } from '#components/ui/Field.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { expectData } from '#components/vault/errors.ts';
import { t } from '#messages/en.ts';
import { keepNewKeys, readLink } from '#server/reenrolment/actions.ts';
import type { LinkView } from '#server/reenrolment/schema.ts';
import { Prospects } from './Prospects.tsx';

const text = t.reenrolment;

type Stage = 'no-token' | 'email' | 'prospects' | 'keys' | 'done';

/** From a link to new keys that wait: who it is, what comes back and what does not, and the keys themselves. */
export function NewKeysForm() {
  const [stage, setStage] = useState<Stage>('email');
  const [token, setToken] = useState('');
  const [email, setEmail] = useState('');
  const [tried, setTried] = useState(false);
  const [link, setLink] = useState<LinkView | null>(null);
  const [made, setMade] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  useEffect(() => {
    const found = window.location.hash.slice(1);
    if (found.length < 16 || found.length > 128) setStage('no-token');
    else setToken(found);
  }, []);

  const claim = async () => {
    setTried(true);
    if (email.trim() === '') return;
    setBusy(true);
    setProblem(null);
    try {
      setLink(expectData(await readLink({ token, email: email.trim() })));
      setStage('prospects');
    } catch (thrown) {
      setProblem(inWords(problemOf(thrown, 'OFFLINE')));
    } finally {
      setBusy(false);
    }
  };

  return (
    <div className="space-y-4" aria-live="polite">
      {stage === 'no-token' && (
        <Notice tone="danger" title={text.noToken.title} live="alert">
          <p>{text.noToken.body}</p>
          <p>{text.noToken.next}</p>
        </Notice>
      )}
      {problem && <ProblemNotice problem={problem} />}
      {stage === 'email' && (
        <form
          noValidate
          className="space-y-4"
          onSubmit={(event) => {
            event.preventDefault();
            void claim();
          }}
        >
          <p className="text-ink-2">{text.body}</p>
          <TextField
            label={text.email}
            hint={text.emailHint}
            type="email"
            autoComplete="username"
            inputMode="email"
            autoFocus
            maxLength={254}
            value={email}
            error={tried && email.trim() === '' ? text.emailMissing : null}
            onChange={(event) => setEmail(event.target.value)}
          />
          <Button type="submit" look="primary" size="lg" wide icon={ArrowRight} busy={busy}>
            {text.next}
          </Button>
        </form>
      )}
      {link && stage !== 'done' && <p className="font-bold">{text.for(link.name, link.institution)}</p>}
      {link && stage === 'prospects' && (
        <>
          <Prospects role={link.role} />
          <Button look="primary" size="lg" wide icon={KeyRound} onClick={() => setStage('keys')}>
            {text.read}
          </Button>
        </>
      )}
      {link && stage === 'keys' && (
        <KeyMaking
          subjectId={link.subjectId}
          kept={text.kept}
          send={async (keys) => {
            const { signingKeyHash } = expectData(await keepNewKeys({ ...keys, token, email: email.trim() }));
            setMade(signingKeyHash);
            setStage('done');
          }}
        />
      )}
      {stage === 'done' && (
        <>
          <Notice tone="ok" title={text.done} icon={CircleCheck} live="status">
            <p>{text.doneBody}</p>
          </Notice>
          <div>
            <p className="text-sm text-ink-2">{text.fingerprint}</p>
            <p className="font-mono font-bold">{made.slice(0, 16)}</p>
            <p className="text-sm text-ink-3">{text.fingerprintBody}</p>
          </div>
        </>
      )}
    </div>
  );
}

/** Which of link and e-mail is wrong, nobody is told. */
function inWords(problem: Problem): Problem {
  if (problem.code !== 'INVITATION_INVALID' && problem.code !== 'INVALID_INPUT') return problem;
  return { code: 'LINK_REFUSED', message: text.wrong.title, next: text.wrong.next };
}
