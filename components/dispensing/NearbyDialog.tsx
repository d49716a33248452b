'use client';

import {
  ArrowRightLeft,
  CircleCheck,
  CircleDashed,
  CircleHelp,
  CircleX,
  type LucideIcon,
  Store,
  Undo2,
} from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { formatNumber } from '#components/ui/format.ts';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { expectData } from '#components/vault/errors.ts';
import { t } from '#messages/en.ts';
import { findNearby } from '#server/dispensing/actions.ts';
import type { NearbyPharmacy, StockLevel } from '#server/dispensing/schema.ts';

const text = t.dispensing.nearby;

const looks: Record<StockLevel, { icon: LucideIcon; ink: string }> = {
  yes: { icon: CircleCheck, ink: 'text-ok' },
  few: { icon: CircleDashed, ink: 'text-warn' },
  none: { icon: CircleX, ink: 'text-danger' },
  untold: { icon: CircleHelp, ink: 'text-ink-3' },
};

/** Who has it nearby: the prescription is transferred there, or given back so that the patient can go where the patient likes. */
export function NearbyDialog({
  medicine,
  gtins,
  site,
  onTransfer,
  onGiveBack,
  onClose,
}: {
  medicine: string;
  /** Of all packs that may be handed out for it. */
  gtins: string[];
  site: string;
  /** Offers it; throws what prevented it. */
  onTransfer: (institutionId: string) => Promise<void>;
  onGiveBack: () => void;
  onClose: () => void;
}) {
  const [found, setFound] = useState<NearbyPharmacy[] | null>(null);
  const [unfound, setUnfound] = useState<Problem | null>(null);
  const { busy, problem, attempt } = useAttempt();
  const asked = gtins.join(',');

  useEffect(() => {
    let current = true;
    findNearby({ gtins: asked.split(','), from: site })
      .then((answer) => current && setFound(expectData(answer)))
      .catch((thrown) => current && setUnfound(problemOf(thrown, 'OFFLINE')));
    return () => {
      current = false;
    };
  }, [asked, site]);

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={text.title(medicine)}
      description={text.body}
      closeLabel={t.shell.close}
      actions={
        <Button icon={Undo2} disabled={busy} onClick={onGiveBack}>
          {text.giveBack}
        </Button>
      }
    >
      <div className="space-y-3" aria-live="polite">
        {unfound && <ProblemNotice problem={unfound} />}
        {problem && <ProblemNotice problem={problem} kept={t.dispensing.kept.held} />}
        {found === null && !unfound && <p role="status">{text.asking}</p>}
        {found?.length === 0 && (
          <Empty icon={Store} title={text.empty}>
            {text.emptyBody}
          </Empty>
        )}
        {found && found.length > 0 && (
          <ul className="divide-y divide-line">
            {found.map(({ institutionId, name, place, kilometres, stock }) => {
              const { icon: Icon, ink } = looks[stock];
              return (
                <li key={institutionId} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
                  <div className="min-w-0 flex-1 basis-52">
                    <p className="font-bold">{name}</p>
                    <p className="text-sm text-ink-2">
                      {[place, kilometres === undefined ? '' : text.distance(formatNumber(kilometres))]
                        .filter(Boolean)
                        .join(' · ')}
                    </p>
                    <p className={`flex items-center gap-1.5 text-sm font-semibold ${ink}`}>
                      <Icon size={16} aria-hidden className="shrink-0" />
                      {text.levels[stock]}
                    </p>
                  </div>
                  <Button
                    size="sm"
                    icon={ArrowRightLeft}
                    busy={busy}
                    aria-label={text.transferTo(name)}
                    onClick={() => void attempt(() => onTransfer(institutionId)).then((isDone) => isDone && onClose())}
                  >
                    {text.transfer}
                  </Button>
                </li>
              );
            })}
          </ul>
        )}
      </div>
    </Dialog>
  );
}
