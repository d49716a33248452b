'use client';

import { LoaderCircle } from 'lucide-react';
import { useCallback, useEffect, useMemo } from 'react';
import { toast } from 'sonner';
import { UnlockNotice } from '#components/shell/UnlockNotice.tsx';
import { useSigned } from '#components/signing/useSigned.ts';
import { problemOf, wordsFor } from '#components/ui/errors.ts';
import { Notice } from '#components/ui/Notice.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { t } from '#messages/en.ts';
import type { RecordFacts } from '#server/records/schema.ts';
import { ExportButton } from './ExportButton.tsx';
import { ImportButton } from './ImportButton.tsx';
import { openOwn } from './openRecord.ts';
import { RecordBody } from './RecordBody.tsx';
import { tendRecord } from './tendRecord.ts';
import { useChart } from './useChart.ts';

const text = t.recordPages;

/** The record of the person who is signed in, or of somebody represented, as its owner sees it. */
export function OwnRecord({ facts, author }: { facts: RecordFacts; author: { id: string; name: string } }) {
  const signed = useSigned();
  const { pseudonym, name, reach, enrolled } = facts;
  const self = author.id;
  const owner = useMemo(() => ({ facts: { pseudonym, enrolled }, self }), [pseudonym, enrolled, self]);
  const names = useMemo(() => ({ [pseudonym]: reach === 'own' ? text.yourself : name }), [pseudonym, name, reach]);
  const opening = useCallback(() => openOwn(owner, signed, names), [owner, signed, names]);
  const chart = useChart(opening);
  const said = useMemo(() => ({ patient: pseudonym, author }), [pseudonym, author]);
  const open = chart.state === 'open' ? chart.chart : undefined;
  const { reload } = chart;

  useEffect(() => {
    if (open === undefined) return;
    // The record is read all the same; what is not done at this visit is done at the next.
    tendRecord(owner, open, { signed, names })
      .then((renewed) => renewed && reload())
      .catch((thrown: unknown) => toast.warning(text.notTended, { description: wordsFor(problemOf(thrown)).title }));
  }, [owner, open, signed, names, reload]);

  if (chart.state === 'locked') return <UnlockNotice />;
  if (chart.state === 'failed') return <ProblemNotice problem={chart.problem} />;
  if (chart.state === 'opening') {
    return (
      <Notice tone="info" icon={LoaderCircle} live="status" title={text.opening}>
        <p>{facts.opened ? text.openingBody : text.firstTime}</p>
      </Notice>
    );
  }
  return (
    <RecordBody
      chart={chart}
      said={said}
      names={names}
      owned
      actions={
        <>
          <ImportButton chart={chart.chart} patient={pseudonym} names={names} onDone={chart.reload} />
          <ExportButton chart={chart.chart} name={name} />
        </>
      }
    />
  );
}
