'use client';

import { Eye, Siren } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useMemo, useState } from 'react';
import { toast } from 'sonner';
import type { Product } from '#chaincode/model/product.ts';
import { type RecallArgument, recallArgument, recallLevels } from '#chaincode/model/trace.ts';
import { recallScope } from '#components/signing/traceWords.ts';
import { useSigned } from '#components/signing/useSigned.ts';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { SelectField, TextAreaField, TextField } from '#components/ui/Field.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { Notice } from '#components/ui/Notice.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { expectData } from '#components/vault/errors.ts';
import { newIdentifier } from '#crypto/identifier.ts';
import { t } from '#messages/en.ts';
import { readReach } from '#server/supply/actions.ts';
import type { RecallReach, SupplyBasics } from '#server/supply/schema.ts';
import { namesOf } from './names.ts';

const text = t.supply.recall.dialog;
const scopes = (['all', 'batches', 'serials'] as const).map((value) => ({ value, label: text.scopes[value] }));
type Scope = (typeof scopes)[number]['value'];
const levels = recallLevels.map((value) => ({ value, label: t.supply.recall.levels[value] }));

/** Describes a recall, shows what it would stop, and only then has it signed. */
export function RecallDialog({
  basics,
  products,
  onClose,
}: {
  basics: SupplyBasics;
  /** What may be recalled. */
  products: readonly Product[];
  onClose: () => void;
}) {
  const router = useRouter();
  const signed = useSigned();
  const { busy, problem, setProblem, attempt } = useAttempt();
  const [id] = useState(() => newIdentifier('rcl'));
  const [gtin, setGtin] = useState(products[0]?.gtin ?? '');
  const [scope, setScope] = useState<Scope>('batches');
  const [batches, setBatches] = useState('');
  const [range, setRange] = useState({ from: '', to: '' });
  const [level, setLevel] = useState<RecallArgument['level']>('patient');
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const [reach, setReach] = useState<RecallReach | null>(null);
  const names = useMemo(() => namesOf(basics), [basics]);

  const recall = recallArgument.safeParse({
    ...{ id, gtin, level, reason: reason.trim() },
    ...(scope === 'batches' && { batches: batches.split(/\s+/).filter(Boolean) }),
    ...(scope === 'serials' && { serials: [range] }),
  });
  const wrong = (name: string) => tried && recall.error?.issues.some(({ path }) => path[0] === name) === true;
  const product = products.find((each) => each.gtin === gtin);

  const look = () => {
    setTried(true);
    if (!recall.success) return;
    const { data } = recall;
    const { batches: of, serials } = data;
    void attempt(async () => {
      setReach(expectData(await readReach({ gtin, ...(of && { batches: of }), ...(serials && { serials }) })));
    });
  };
  const sign = async () => {
    if (!recall.success || product === undefined) return;
    const done = await attempt(() =>
      signed({ kind: 'recall', channel: product.channel, recall: recall.data }, { names }),
    );
    if (!done) return;
    toast.success(text.done);
    router.refresh();
    onClose();
  };

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={reach === null ? text.title : text.second}
      description={text.intro}
      closeLabel={t.shell.close}
      actions={
        reach === null ? (
          <>
            <Button onClick={onClose}>{t.shell.cancel}</Button>
            <Button look="primary" icon={Eye} busy={busy} onClick={look}>
              {busy ? text.counting : text.look}
            </Button>
          </>
        ) : (
          <>
            <Button
              disabled={busy}
              onClick={() => {
                setReach(null);
                setProblem(null);
              }}
            >
              {text.change}
            </Button>
            <Button look="danger" icon={Siren} busy={busy} onClick={() => void sign()}>
              {text.sign}
            </Button>
          </>
        )
      }
    >
      <div className="space-y-4">
        {reach === null ? (
          <>
            <SelectField
              label={text.product}
              value={gtin}
              onChange={setGtin}
              options={products.map((each) => ({ value: each.gtin, label: `${each.name} · ${each.gtin}` }))}
            />
            <SelectField label={text.scope} value={scope} onChange={setScope} options={scopes} />
            {scope === 'batches' && (
              <TextAreaField
                label={text.batches}
                hint={text.batchesHint}
                error={wrong('batches') ? text.batchesWrong : null}
                value={batches}
                onChange={({ target }) => setBatches(target.value)}
              />
            )}
            {scope === 'serials' && (
              <div className="grid gap-4 sm:grid-cols-2">
                <TextField
                  label={text.from}
                  mono
                  maxLength={20}
                  value={range.from}
                  onChange={({ target }) => setRange({ ...range, from: target.value.trim() })}
                />
                <TextField
                  label={text.to}
                  mono
                  maxLength={20}
                  error={wrong('serials') ? text.serialsWrong : null}
                  value={range.to}
                  onChange={({ target }) => setRange({ ...range, to: target.value.trim() })}
                />
              </div>
            )}
            <SelectField label={text.level} value={level} onChange={setLevel} options={levels} />
            <TextAreaField
              label={text.reason}
              hint={text.reasonHint}
              error={wrong('reason') ? t.shell.reasonShort : null}
              maxLength={300}
              value={reason}
              onChange={({ target }) => setReason(target.value)}
            />
          </>
        ) : (
          <Reach reach={reach} what={`${product?.name ?? gtin}: ${recall.success ? recallScope(recall.data) : ''}`} />
        )}
        {problem && <ProblemNotice problem={problem} />}
      </div>
    </Dialog>
  );
}

function Reach({ reach, what }: { reach: RecallReach; what: string }) {
  const packs = reach.places.reduce((sum, place) => sum + place.packs, 0);
  return (
    <>
      <Notice tone="warn" title={what}>
        <p className="text-lg font-bold text-ink">{text.packs(formatNumber(packs))}</p>
        {reach.withPatients > 0 && <p>{text.handedOut(formatNumber(reach.withPatients))}</p>}
      </Notice>
      <div>
        <p className="mb-1 text-sm font-semibold text-ink-2">{text.where}</p>
        {reach.places.length === 0 ? (
          <p className="text-sm">{text.nowhere}</p>
        ) : (
          <ul className="max-h-64 divide-y divide-line overflow-y-auto text-sm">
            {reach.places.map((place) => (
              <li key={`${place.holder}-${place.site}`} className="flex justify-between gap-4 py-1.5">
                <span>
                  {place.holder} <span className="text-ink-3">{place.site}</span>
                </span>
                <span className="font-bold">{formatNumber(place.packs)}</span>
              </li>
            ))}
          </ul>
        )}
      </div>
    </>
  );
}
