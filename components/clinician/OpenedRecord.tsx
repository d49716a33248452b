'use client';

import { DoorClosed, LoaderCircle, RotateCw } from 'lucide-react';
import { useCallback, useEffect, useRef } from 'react';
import { toast } from 'sonner';
import { foldTails, openInEmergency, openShared } from '#components/records/openRecord.ts';
import { RecordBody } from '#components/records/RecordBody.tsx';
import { useChart } from '#components/records/useChart.ts';
import { useSigned } from '#components/signing/useSigned.ts';
import { Button } from '#components/ui/Button.tsx';
import { problemOf, wordsFor } from '#components/ui/errors.ts';
import { Notice } from '#components/ui/Notice.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { VaultError } from '#components/vault/errors.ts';
import type { Said } from '#fhir/build.ts';
import { t } from '#messages/en.ts';
import type { EmergencyView } from '#server/access/schema.ts';
import type { Way } from './way.ts';

const text = t.recordPages;

/** Codes by which the ledger says that what let one read is over. */
const over = ['NO_CONSENT', 'EXPIRED'];

/** What a consent or an emergency opens, with what can be done in it. */
export function OpenedRecord({
  way,
  emergency,
  patient,
  institution,
  said,
  names,
  onLeave,
}: {
  way: Way;
  /** The clinician's own with this patient, while it is open. */
  emergency: EmergencyView | undefined;
  /** Pseudonym. */
  patient: string;
  institution: string;
  said: Pick<Said, 'patient' | 'author'>;
  names: Readonly<Record<string, string>>;
  onLeave: () => void;
}) {
  const signed = useSigned();
  const permitted = way.by === 'consent' ? way.permitted : undefined;
  const near = useRef(way.by === 'consent' ? way.near : undefined);
  const emergencyId = emergency?.id;
  const level = emergency?.level;
  const open = useCallback(() => {
    if (permitted !== undefined) {
      // What was begun before serves once.
      const begun = near.current;
      near.current = undefined;
      return openShared({ patient, institution, names }, permitted, signed, begun);
    }
    if (emergencyId === undefined || level === undefined) throw new VaultError('EXPIRED', text.emergency.ended);
    return openInEmergency({ patient, names }, { id: emergencyId, level }, signed);
  }, [permitted, emergencyId, level, patient, institution, names, signed]);
  const chart = useChart(open);
  const record = chart.state === 'open' ? chart.chart.record : undefined;
  const treating = permitted?.purpose === 'TREAT';

  useEffect(() => {
    if (record === undefined || !treating) return;
    // The chart shows the tail all the same; the next reader writes the index where this one does not.
    foldTails(record, signed, names).catch((thrown: unknown) => {
      toast.warning(text.noIndex, { description: wordsFor(problemOf(thrown)).title });
    });
  }, [record, treating, signed, names]);

  const words = way.by === 'consent' ? text.shared : text.emergency;
  if (chart.state === 'locked') return null;
  if (chart.state === 'opening') {
    return (
      <Notice tone="info" icon={LoaderCircle} live="status" title={words.opening}>
        <p>{words.openingBody}</p>
      </Notice>
    );
  }
  if (chart.state === 'failed' && over.includes(chart.problem.code)) {
    return (
      <Notice
        tone="warn"
        live="alert"
        title={words.ended}
        actions={
          <Button size="sm" icon={RotateCw} onClick={onLeave}>
            {text.shared.again}
          </Button>
        }
      >
        <p>{words.endedBody}</p>
      </Notice>
    );
  }
  if (chart.state === 'failed') {
    return (
      <ProblemNotice
        problem={chart.problem}
        actions={
          <>
            <Button size="sm" icon={RotateCw} onClick={chart.reload}>
              {text.shared.retry}
            </Button>
            <Button size="sm" onClick={onLeave}>
              {text.shared.close}
            </Button>
          </>
        }
      />
    );
  }
  return (
    <RecordBody
      chart={chart}
      said={said}
      names={names}
      owned={false}
      actions={
        <Button icon={DoorClosed} onClick={onLeave}>
          {text.shared.close}
        </Button>
      }
    />
  );
}
