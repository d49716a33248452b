'use client';

import { Printer, ScanLine } from 'lucide-react';
import { useCallback, useState } from 'react';
import { toast } from 'sonner';
import { ScannerWell } from '#components/scanning/ScannerWell.tsx';
import { useWedge } from '#components/scanning/useWedge.ts';
import { usePerson } from '#components/shell/ShellContext.tsx';
import { UnlockNotice } from '#components/shell/UnlockNotice.tsx';
import { useOwnPlace } from '#components/supply/useOwnPlace.ts';
import { Button } from '#components/ui/Button.tsx';
import { formatBirthDate } from '#components/ui/format.ts';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { Gs1Error } from '#gs1/error.ts';
import { t } from '#messages/en.ts';
import type { SiteView } from '#server/supply/schema.ts';
import { BlankSheet } from './BlankSheet.tsx';
import { DowntimeForm } from './DowntimeForm.tsx';
import { DowntimeList } from './DowntimeList.tsx';
import { type Draft, type DraftFault, emptyDraft, entryOf, type PackRefusal, withPack } from './draft.ts';
import { useDowntime } from './useDowntime.ts';

const text = t.downtime.form;

function refusalWords(refused: PackRefusal): string {
  switch (refused.why) {
    case 'other':
      return text.packOther(refused.what);
    case 'expired':
      return text.packExpired(formatBirthDate(refused.what));
    case 'case':
      return text.packCase;
    case 'twice':
      return text.packTwice;
    default:
      return text.packUnknown;
  }
}

const faultWords = (fault: DraftFault) => (fault === 'controlled' ? text.controlledTitle : text.missing[fault]);

/** The downtime log: what is handed out is written down here, and brought to the ledgers afterwards. */
export function DowntimeScreen({
  supply,
  onBack,
}: {
  supply: { institutionId: string; places: SiteView[] };
  /** Where it stands in the place of the counter, without a page of its own. */
  onBack?: () => void;
}) {
  const person = usePerson();
  const downtime = useDowntime(supply.institutionId);
  const [site, setSite] = useOwnPlace(supply.places);
  const [draft, setDraft] = useState<Draft>(emptyDraft);
  const [packFault, setPackFault] = useState<string | null>(null);
  const [fault, setFault] = useState<DraftFault | null>(null);
  const [sheet, setSheet] = useState(false);
  const { busy, problem, attempt } = useAttempt();

  const change = useCallback((changed: Partial<Draft>) => {
    setFault(null);
    setDraft((was) => ({ ...was, ...changed }));
  }, []);

  const addPack = useCallback(
    (code: string): boolean => {
      const made = withPack(draft, code, new Date().toISOString().slice(0, 10));
      const refused = 'refused' in made ? made.refused : null;
      setPackFault(refused && refused.why !== 'twice' ? refusalWords(refused) : null);
      if ('draft' in made) setDraft(made.draft);
      return refused?.why !== 'twice';
    },
    [draft],
  );

  // Whatever a scanner reads is a pack, or else the code of a prescription, which the worker examines when it is written down.
  const take = useCallback(
    (read: string) => {
      try {
        addPack(read);
      } catch (thrown) {
        if (!(thrown instanceof Gs1Error)) throw thrown;
        change({ code: read });
      }
    },
    [addPack, change],
  );
  useWedge(take, true);

  const write = () => {
    const made = entryOf(draft, { site, by: person.name, now: new Date() });
    if ('fault' in made) return setFault(made.fault);
    void attempt(async () => {
      const name = await downtime.write(draft.code, made.entry);
      setDraft({ ...emptyDraft, reason: draft.reason });
      toast.success(text.written(name), { description: text.writtenBody, duration: 20_000 });
    });
  };

  if (sheet) return <BlankSheet pharmacy={person.institutionName ?? ''} onClose={() => setSheet(false)} />;
  return (
    <div className="space-y-5">
      <div className="flex flex-wrap items-start gap-3">
        <p className="min-w-0 flex-1 basis-80 text-ink-2">{t.downtime.intro}</p>
        <Button icon={Printer} onClick={() => setSheet(true)}>
          {t.downtime.sheet.open}
        </Button>
        {onBack && (
          <Button icon={ScanLine} onClick={onBack}>
            {t.downtime.back}
          </Button>
        )}
      </div>
      <UnlockNotice />
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-5 lg:grid-cols-[20.75rem_minmax(0,1fr)]">
        <ScannerWell onText={take} many />
        <div className="min-w-0 space-y-5">
          {problem && <ProblemNotice problem={problem} />}
          <DowntimeForm
            {...{ draft, packFault, site, busy }}
            onChange={change}
            onCode={(code) => change({ code })}
            onPack={addPack}
            places={supply.places}
            onSite={setSite}
            fault={fault && faultWords(fault)}
            onWrite={write}
          />
          <DowntimeList downtime={downtime} />
        </div>
      </div>
    </div>
  );
}
