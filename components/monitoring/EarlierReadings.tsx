'use client';

import { FolderOpen } from 'lucide-react';
import { usePermitted } from '#components/clinician/usePermitted.ts';
import { openShared } from '#components/records/openRecord.ts';
import { useSigned } from '#components/signing/useSigned.ts';
import type { Names } from '#components/signing/wordsOf.ts';
import { Button } from '#components/ui/Button.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { t } from '#messages/en.ts';
import type { PatientFeed } from './patientFeed.ts';

const text = t.monitoringPages.earlier;

/** Opens what was measured before the clinician came, where the patient shares results; nothing where that is not so. */
export function EarlierReadings({
  feed,
  locked,
  institution,
  names,
}: {
  feed: PatientFeed;
  /** Frames that do not open yet. */
  locked: number;
  /** The clinician's own. */
  institution: string | undefined;
  names: Names;
}) {
  const signed = useSigned();
  const shared = usePermitted(feed.patient);
  const { busy, problem, attempt } = useAttempt();
  const permitted =
    shared.state === 'known'
      ? shared.permitted.find(({ purpose, categories }) => purpose === 'TREAT' && categories.includes('results'))
      : undefined;
  if (locked === 0 || permitted === undefined) return null;
  const open = () =>
    attempt(async () => {
      const { access } = await openShared({ patient: feed.patient, institution, names }, permitted, signed);
      if (access !== undefined) await feed.unlockBy(access);
    });
  return (
    <Notice
      title={text.title}
      actions={
        <Button size="sm" icon={FolderOpen} busy={busy} onClick={() => void open()}>
          {text.action}
        </Button>
      }
    >
      <p>{text.body}</p>
      {problem && <ProblemNotice problem={problem} />}
    </Notice>
  );
}
