'use client';

import { CircleCheck, CircleX, ScanLine, Undo2 } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import { UnlockNotice } from '#components/shell/UnlockNotice.tsx';
import { Button } from '#components/ui/Button.tsx';
import { Facts } from '#components/ui/Facts.tsx';
import { formatBirthDate, formatDateTime } from '#components/ui/format.ts';
import { Notice } from '#components/ui/Notice.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { expectData } from '#components/vault/errors.ts';
import { didNotOccur } from '#epcis/write.ts';
import { t } from '#messages/en.ts';
import { readUndoable } from '#server/supply/actions.ts';
import type { LeftPack, SupplyBasics, Undoable } from '#server/supply/schema.ts';
import { namesOf } from './names.ts';
import { OutcomePanel } from './OutcomePanel.tsx';
import { PlaceField } from './PlaceField.tsx';
import type { Named } from './readThing.ts';
import { ScanPanel } from './ScanPanel.tsx';
import { refusalOf, undoneUntil } from './undoing.ts';
import { useCapture } from './useCapture.ts';
import { useOwnPlace } from './useOwnPlace.ts';
import { Workbench } from './Workbench.tsx';
import { packWords } from './words.ts';

const text = t.supply.undo;

/** Takes back that packs were taken out of the chain: what can be undone and until when, or why not, before anything is signed. */
export function UndoScreen({ basics }: { basics: SupplyBasics }) {
  const [undoable, setUndoable] = useState<{ found: Undoable; at: number } | null>(null);
  const [isCase, setIsCase] = useState(false);
  const [site, setSite] = useOwnPlace(basics.own);
  const { busy: asking, problem: unread, attempt } = useAttempt('OFFLINE');
  const { capture, recorded, forget, busy, problem, isBegun } = useCapture();
  const names = useMemo(() => namesOf(basics), [basics]);

  const ask = useCallback(
    ([named]: Named[]): number => {
      setUndoable(null);
      forget();
      setIsCase(named?.item.kind === 'container');
      if (named?.item.kind !== 'pack') return 0;
      const { gtin, serial } = named.item;
      void attempt(async () =>
        setUndoable({ found: expectData(await readUndoable({ gtin, serial })), at: Date.now() }),
      );
      return 1;
    },
    [attempt, forget],
  );
  const again = () => {
    forget();
    setUndoable(null);
  };

  if (recorded !== null) {
    return (
      <OutcomePanel
        recorded={recorded}
        actions={
          <Button icon={ScanLine} onClick={again}>
            {text.another}
          </Button>
        }
      >
        <p>{text.done}</p>
      </OutcomePanel>
    );
  }
  const here = { institutionId: basics.institutionId, site };
  const refusal = undoable && refusalOf(undoable.found, here, undoable.at);
  const submit = ({ asked, event }: Undoable) => {
    const [channel] = asked.looked.channels;
    if (event === undefined || channel === undefined) return;
    void capture(() => [{ channel, events: [didNotOccur(event, new Date())] }], names);
  };
  return (
    <Workbench scanner={<ScanPanel onNamed={ask} many={false} hint={text.intro} />}>
      <UnlockNotice />
      <Panel as="div">
        <PlaceField own={basics.own} value={site} onChange={setSite} />
      </Panel>
      {isCase && <Notice tone="warn" title={text.case} live="alert" />}
      {unread && <ProblemNotice problem={unread} />}
      {undoable === null ? (
        !isCase && (
          <Panel>
            <p className="flex items-center gap-2.5 py-8 text-ink-2" role="status">
              <ScanLine size={20} aria-hidden />
              {asking ? t.supply.scan.asking : text.intro}
            </p>
          </Panel>
        )
      ) : (
        <Panel as="article" label={refusal ? text.cannot : text.can}>
          <Verdict undoable={undoable.found} refusal={refusal} />
          <div className="mt-4">
            <Facts rows={factsOf(undoable.found)} />
          </div>
          {undoable.found.packs.length > 1 && <Together packs={undoable.found.packs} />}
          {!refusal && (
            <div className="mt-4 space-y-3">
              <p className="text-sm text-ink-2">{text.dispensing}</p>
              {problem && <ProblemNotice problem={problem} kept={isBegun() ? t.supply.outcome.carryOn : undefined} />}
              <Button look="primary" size="lg" wide icon={Undo2} busy={busy} onClick={() => submit(undoable.found)}>
                {text.action(packWords(undoable.found.packs.length))}
              </Button>
            </div>
          )}
        </Panel>
      )}
    </Workbench>
  );
}

function Verdict({ undoable, refusal }: { undoable: Undoable; refusal: ReturnType<typeof refusalOf> }) {
  const { asked } = undoable;
  const Icon = refusal ? CircleX : CircleCheck;
  const isOther = refusal !== null && serialOf(refusal.pack) !== serialOf(asked);
  return (
    <div
      role="status"
      className={`flex items-start gap-4 rounded-lg border-l-4 p-4 ${refusal ? 'border-danger bg-danger-soft' : 'border-ok bg-ok-soft'}`}
    >
      <Icon size={30} aria-hidden className={`shrink-0 ${refusal ? 'text-danger' : 'text-ok'}`} />
      <div className="min-w-0">
        <p className="text-xl font-bold">{refusal ? text.cannot : text.can}</p>
        {isOther && <p className="mt-1 break-words">{text.because(serialOf(refusal.pack))}</p>}
        <p className="mt-1">
          {refusal
            ? text.faults[refusal.fault]
            : asked.left && text.until(formatDateTime(new Date(undoneUntil(asked.left)).toISOString()))}
        </p>
      </div>
    </div>
  );
}

const serialOf = ({ looked: { item } }: LeftPack) => (item.kind === 'pack' ? item.serial : item.sscc);

function factsOf({ asked, institution, siteName }: Undoable) {
  const { facts } = t.supply.verify;
  const { looked, left } = asked;
  return [
    ...(looked.product ? [{ name: facts.product, value: looked.product }] : []),
    { name: facts.serial, value: <span className="font-mono break-all">{serialOf(asked)}</span> },
    ...(looked.batch ? [{ name: facts.batch, value: looked.batch }] : []),
    ...(looked.expiry ? [{ name: facts.expiry, value: formatBirthDate(looked.expiry) }] : []),
    ...(looked.state ? [{ name: facts.state, value: t.supply.states[looked.state] }] : []),
    ...(left && institution
      ? [{ name: text.out, value: text.outBy(institution, siteName ?? left.site, formatDateTime(left.at)) }]
      : []),
  ];
}

/** Packs of one event. */
function Together({ packs }: { packs: LeftPack[] }) {
  return (
    <section className="mt-4">
      <PanelHead title={text.together} remark={packWords(packs.length)} />
      <p className="text-sm text-ink-2">{text.togetherBody}</p>
      <ul className="mt-2 max-h-64 divide-y divide-line overflow-y-auto">
        {packs.map((pack) => (
          <li key={serialOf(pack)} className="py-2 text-sm">
            {pack.looked.product} <span className="font-mono text-xs break-all text-ink-3">{serialOf(pack)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
