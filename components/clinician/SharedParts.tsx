'use client';

import { EyeOff, FolderOpen, Share2 } from 'lucide-react';
import type { PermittedNow } from '#chaincode/model/consent.ts';
import { partsWords } from '#components/chart/NotShared.tsx';
import { Button } from '#components/ui/Button.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { t } from '#messages/en.ts';
import type { Permitted } from './usePermitted.ts';

const text = t.recordPages;

/** What the patient shares, purpose by purpose, each to be opened by stating it. */
export function SharedParts({
  shared,
  onNear,
  onOpen,
}: {
  shared: Permitted & { ask: () => void };
  /** The pointer or the keyboard is on the button that opens it. */
  onNear: (permitted: PermittedNow) => void;
  onOpen: (permitted: PermittedNow) => void;
}) {
  if (shared.state === 'locked') return null;
  if (shared.state === 'asking') {
    return (
      <p className="py-2 text-sm text-ink-2" role="status">
        {text.shared.asking}
      </p>
    );
  }
  if (shared.state === 'failed') {
    return (
      <ProblemNotice
        problem={shared.problem}
        actions={
          <Button size="sm" onClick={shared.ask}>
            {text.shared.again}
          </Button>
        }
      />
    );
  }
  const { permitted } = shared;
  if (permitted.length === 0) {
    return (
      <Notice
        tone="neutral"
        icon={EyeOff}
        title={text.noConsent.title}
        actions={
          <Button size="sm" onClick={shared.ask}>
            {text.shared.again}
          </Button>
        }
      >
        <p>{text.noConsent.body}</p>
      </Notice>
    );
  }
  const treating = permitted.some(({ purpose }) => purpose === 'TREAT');
  return (
    <Panel labelledBy="shared-parts">
      <PanelHead id="shared-parts" icon={Share2} title={text.shared.title} />
      <ul className="divide-y divide-line border-y border-line">
        {permitted.map((one) => (
          <li key={one.purpose} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
            <div className="min-w-0 flex-1 basis-64">
              <p className="font-bold">{t.consents.purposes[one.purpose]}</p>
              <p className="text-sm text-ink-2 first-letter:uppercase">{partsWords(one.categories)}</p>
            </div>
            {one.purpose !== 'ETREAT' && (
              <Button
                look={one.purpose === 'TREAT' ? 'primary' : 'secondary'}
                icon={FolderOpen}
                onPointerEnter={() => onNear(one)}
                onFocus={() => onNear(one)}
                onClick={() => onOpen(one)}
              >
                {text.shared.open[one.purpose]}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <p className="mt-3 text-sm text-ink-2">
        {!treating && <>{text.notForTreatment} </>}
        {text.shared.body}
      </p>
    </Panel>
  );
}
