'use client';

import { CircleCheck, CircleX, LoaderCircle, Package, RotateCw, X } from 'lucide-react';
import { PlaceField } from '#components/supply/PlaceField.tsx';
import { ThingFacts } from '#components/supply/ThingList.tsx';
import { thingName } from '#components/supply/words.ts';
import { Button, IconButton } from '#components/ui/Button.tsx';
import { CheckBox } from '#components/ui/CheckBox.tsx';
import { SelectField } from '#components/ui/Field.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { t } from '#messages/en.ts';
import type { SiteView } from '#server/supply/schema.ts';
import { packFaultWords } from './packFaults.ts';
import { SubstitutionField } from './SubstitutionField.tsx';
import { TypedPack } from './TypedPack.tsx';
import type { HandOut, JudgedPack } from './useHandOut.ts';
import { withoutReasons } from './withoutReasons.ts';

const text = t.dispensing.packs;
const reasons = withoutReasons.map((value) => ({ value, label: text.without.reasons[value] }));

/** The packs that are handed out, each compared with prescription and ledgers before anything is signed. */
export function PacksPanel({
  handOut,
  amountOf,
  places,
  site,
  onSite,
}: {
  handOut: HandOut;
  /** Units in words. */
  amountOf: (units: number) => string;
  places: SiteView[];
  site: string;
  onSite: (gln: string) => void;
}) {
  const { judged, without, setWithout, remove, retry, problem } = handOut;
  return (
    <Panel label={text.title}>
      <PanelHead title={text.title} icon={Package} remark={text.hint} />
      <div className="space-y-4">
        <PlaceField own={places} value={site} onChange={onSite} />
        {places.length > 0 && <TypedPack addCode={handOut.addCode} />}
        {problem && (
          <ProblemNotice
            problem={problem}
            actions={
              <Button size="sm" icon={RotateCw} onClick={retry}>
                {t.supply.scan.again}
              </Button>
            }
          />
        )}
        {judged.length === 0 ? (
          <p className="text-sm text-ink-2">{text.none}</p>
        ) : (
          <ul className="divide-y divide-line">
            {judged.map((pack) => (
              <PackRow key={pack.scan.key} pack={pack} amountOf={amountOf} onRemove={() => remove(pack.scan.key)} />
            ))}
          </ul>
        )}
        {judged.some(({ fault }) => fault !== null) && (
          <p role="alert" className="text-sm font-semibold text-danger">
            {text.out}
          </p>
        )}
        {handOut.substitute && (
          <SubstitutionField product={handOut.substitute} reason={handOut.reason} onReason={handOut.setReason} />
        )}
        <div className="space-y-3 border-t border-line pt-4">
          <CheckBox
            checked={without !== null}
            onChange={(checked) => setWithout(checked ? (withoutReasons[0] ?? null) : null)}
          >
            {text.without.choose}
          </CheckBox>
          {without !== null && (
            <SelectField
              label={text.without.why}
              hint={text.without.body}
              options={reasons}
              value={without}
              onChange={setWithout}
            />
          )}
        </div>
      </div>
    </Panel>
  );
}

function PackRow({
  pack: { scan, fault, units, substitute },
  amountOf,
  onRemove,
}: {
  pack: JudgedPack;
  amountOf: (units: number) => string;
  onRemove: () => void;
}) {
  const { item, looked } = scan;
  return (
    <li className="flex items-start gap-3 py-2.5">
      <Package size={19} aria-hidden className="mt-0.5 shrink-0 text-ink-3" />
      <div className="min-w-0 flex-1">
        <p className="font-semibold">{thingName(item, looked)}</p>
        <ThingFacts item={item} looked={looked} />
        {looked === null ? (
          <p className="flex items-center gap-1.5 text-sm text-ink-3">
            <LoaderCircle size={15} aria-hidden className="animate-spin" />
            {t.supply.scan.asking}
          </p>
        ) : (
          <p className={`flex items-start gap-1.5 text-sm font-semibold ${fault === null ? 'text-ok' : 'text-danger'}`}>
            {fault === null ? (
              <CircleCheck size={16} aria-hidden className="mt-0.5 shrink-0" />
            ) : (
              <CircleX size={16} aria-hidden className="mt-0.5 shrink-0" />
            )}
            {fault === null
              ? (substitute ? text.substitution.fits : text.fits)(amountOf(units))
              : `${text.refused}: ${packFaultWords(fault)}`}
          </p>
        )}
      </div>
      <IconButton icon={X} label={text.remove(item.kind === 'pack' ? item.serial : item.sscc)} onClick={onRemove} />
    </li>
  );
}
