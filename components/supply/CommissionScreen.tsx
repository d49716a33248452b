'use client';

import { Factory, FileSpreadsheet, PackagePlus, Pill as PillIcon } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import { UnlockNotice } from '#components/shell/UnlockNotice.tsx';
import { Button, LinkButton } from '#components/ui/Button.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { SelectField, TextField } from '#components/ui/Field.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { Panel } from '#components/ui/Panel.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { t } from '#messages/en.ts';
import type { SupplyBasics } from '#server/supply/schema.ts';
import { type BatchForm, faultOfSerials, faultsOf } from './batchForm.ts';
import { commissionEvents, occasionAt } from './compose.ts';
import { readSerials } from './csv.ts';
import { LabelSheet, type PackLabels } from './LabelSheet.tsx';
import { namesOf } from './names.ts';
import { OutcomePanel } from './OutcomePanel.tsx';
import { PlaceField } from './PlaceField.tsx';
import { newSerials } from './serials.ts';
import { isAllAccepted, useCapture } from './useCapture.ts';
import { useOwnPlace } from './useOwnPlace.ts';
import { packWords } from './words.ts';

const text = t.supply.commission;
const blank: BatchForm = { batch: '', expiry: '', count: '100' };

/** Brings a batch into being, with serial numbers made here, and prints its labels. */
export function CommissionScreen({ basics, chosen }: { basics: SupplyBasics; chosen?: string }) {
  const mine = basics.products.filter(({ maker }) => maker === basics.institutionId);
  const file = useRef<HTMLInputElement>(null);
  const [gtin, setGtin] = useState(
    mine.some((product) => product.gtin === chosen) ? (chosen ?? '') : (mine[0]?.gtin ?? ''),
  );
  const [site, setSite] = useOwnPlace(basics.own);
  const [form, setForm] = useState(blank);
  const [own, setOwn] = useState<string[] | null>(null);
  const [tried, setTried] = useState(false);
  const [made, setMade] = useState<PackLabels | null>(null);
  const { capture, recorded, forget, busy, problem, isBegun } = useCapture();
  const names = useMemo(() => namesOf(basics), [basics]);

  const product = mine.find((each) => each.gtin === gtin);
  const ownFault = own && faultOfSerials(own);
  const faults = faultsOf(own === null ? form : { ...form, count: String(own.length) }, Date.now());
  const ready = product !== undefined && site !== '' && Object.keys(faults).length === 0 && ownFault === null;
  const count = own?.length ?? (/^\d+$/.test(form.count) ? Number(form.count) : 0);

  const submit = async () => {
    setTried(true);
    if (!ready) return;
    const { batch, expiry } = form;
    // What was begun and is not all recorded keeps its serial numbers.
    const labels =
      isBegun() && made ? made : { gtin, product: product.name, batch, expiry, serials: own ?? newSerials(count) };
    setMade(labels);
    const compose = () => [{ channel: product.channel, events: commissionEvents(occasionAt(site), labels) }];
    await capture(compose, names);
  };

  if (basics.kind !== 'manufacturer') {
    return (
      <Panel>
        <Empty icon={Factory} title={text.notMaker}>
          {text.notMakerBody}
        </Empty>
      </Panel>
    );
  }
  if (mine.length === 0) {
    return (
      <Panel>
        <Empty icon={PillIcon} title={text.noProducts}>
          {text.noProductsBody}
        </Empty>
      </Panel>
    );
  }
  if (recorded !== null && made !== null) {
    const another = () => {
      forget();
      setMade(null);
      setOwn(null);
      setForm(blank);
      setTried(false);
    };
    return (
      <div className="space-y-5">
        <div data-print="hide">
          <OutcomePanel
            recorded={recorded}
            actions={
              <>
                <LinkButton href="/supply/pack">{text.pack}</LinkButton>
                <Button icon={PackagePlus} onClick={another}>
                  {text.another}
                </Button>
              </>
            }
          >
            <p>{text.doneBody(packWords(made.serials.length), made.batch)}</p>
          </OutcomePanel>
        </div>
        {isAllAccepted(recorded) && <LabelSheet labels={made} />}
      </div>
    );
  }
  return (
    <div className="max-w-[40rem] space-y-5">
      <UnlockNotice />
      <Panel>
        <form
          noValidate
          className="space-y-4"
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
          }}
        >
          <p className="text-sm text-ink-2">{text.intro}</p>
          <SelectField
            label={text.product}
            value={gtin}
            onChange={setGtin}
            hint={
              product?.storage
                ? text.storage(String(product.storage.minCelsius), String(product.storage.maxCelsius))
                : text.storageNone
            }
            options={mine.map((each) => ({ value: each.gtin, label: `${each.name} · ${each.gtin}` }))}
          />
          <PlaceField own={basics.own} value={site} onChange={setSite} />
          <div className="grid gap-4 sm:grid-cols-2">
            <TextField
              label={text.batch}
              hint={text.batchHint}
              error={tried ? faults.batch : null}
              mono
              maxLength={20}
              autoComplete="off"
              value={form.batch}
              onChange={({ target }) => setForm({ ...form, batch: target.value.trim() })}
            />
            <TextField
              label={text.expiry}
              type="date"
              error={tried ? faults.expiry : null}
              value={form.expiry}
              onChange={({ target }) => setForm({ ...form, expiry: target.value })}
            />
          </div>
          {own === null ? (
            <TextField
              label={text.count}
              inputMode="numeric"
              error={tried ? faults.count : null}
              value={form.count}
              onChange={({ target }) => setForm({ ...form, count: target.value.trim() })}
            />
          ) : (
            <p className={ownFault === null ? 'text-sm' : 'text-sm font-semibold text-danger'} role="status">
              {ownFault ?? text.ownTaken(formatNumber(own.length))}
            </p>
          )}
          <div className="flex flex-wrap items-center gap-2">
            {own === null ? (
              <Button size="sm" look="quiet" icon={FileSpreadsheet} onClick={() => file.current?.click()}>
                {text.own}
              </Button>
            ) : (
              <Button size="sm" look="quiet" onClick={() => setOwn(null)}>
                {text.ownForget}
              </Button>
            )}
            <span className="text-sm text-ink-3">{text.ownHint}</span>
            <input
              ref={file}
              type="file"
              accept=".csv,text/csv,text/plain"
              aria-label={text.own}
              tabIndex={-1}
              className="sr-only"
              onChange={({ target }) => {
                const [list] = target.files ?? [];
                if (list) void list.text().then((content) => setOwn(readSerials(content)));
                target.value = '';
              }}
            />
          </div>
          {problem && <ProblemNotice problem={problem} kept={isBegun() ? t.supply.outcome.carryOn : undefined} />}
          <Button type="submit" look="primary" size="lg" wide icon={PackagePlus} busy={busy}>
            {busy ? text.recording : text.action(packWords(count))}
          </Button>
        </form>
      </Panel>
    </div>
  );
}
