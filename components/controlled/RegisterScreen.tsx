'use client';

import { KeyRound, Pill as PillIcon, ShieldAlert, TriangleAlert, Users } from 'lucide-react';
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { RegisterEntry } from '#chaincode/model/controlledRegister.ts';
import { useUnlock } from '#components/shell/UnlockContext.tsx';
import { Button } from '#components/ui/Button.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { SelectField } from '#components/ui/Field.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { Notice } from '#components/ui/Notice.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { openRegister } from '#components/vault/register.ts';
import { useVault } from '#components/vault/VaultProvider.tsx';
import { t } from '#messages/en.ts';
import type { ControlledList } from '#server/controlled/schema.ts';
import { VolumeTable } from './VolumeTable.tsx';
import { volumesOf } from './volumes.ts';

const text = t.controlled;

/** The register of controlled medicines: read with the authority's key, and what of it lies out of the ordinary. */
export function RegisterScreen({
  list: { prescriptions, more },
  institution,
}: {
  list: ControlledList;
  institution: string;
}) {
  const vault = useVault();
  const { openDialog } = useUnlock();
  const [read, setRead] = useState<{ entries: RegisterEntry[]; refused: string[] } | null>(null);
  const [filter, setFilter] = useState({ medicine: '', prescriber: '' });
  const [onlyOutliers, setOnlyOutliers] = useState(false);
  const { busy, problem, attempt } = useAttempt('OFFLINE');
  const isOpen = vault.state === 'open';
  const registered = useMemo(
    () => prescriptions.filter((each) => each.registered).map(({ id }) => id),
    [prescriptions],
  );
  const load = useCallback(
    () => attempt(async () => setRead(await openRegister(institution, registered))),
    [attempt, institution, registered],
  );
  useEffect(() => {
    if (isOpen && registered.length > 0) void load();
  }, [isOpen, registered, load]);

  const names = useMemo(
    () => new Map(prescriptions.map(({ author: { id, name } }) => [id, name] as const)),
    [prescriptions],
  );
  const entries = read?.entries ?? [];
  // What is usual is found over all of a medicine, whatever is looked at.
  const volumes = useMemo(() => volumesOf(read?.entries ?? []), [read]);
  const shown = volumes.filter(
    ({ medicine, prescriber }) =>
      (filter.medicine === '' || medicine === filter.medicine) &&
      (filter.prescriber === '' || prescriber === filter.prescriber),
  );
  const medicines = [...new Map(entries.map(({ medicine, name }) => [medicine, name]))];
  const prescribers = [...new Set(entries.map(({ author }) => author))];
  const unregistered = prescriptions.length - registered.length;
  const tiles = [
    { icon: ShieldAlert, name: text.tiles.entries, value: entries.length },
    { icon: Users, name: text.tiles.prescribers, value: prescribers.length },
    { icon: PillIcon, name: text.tiles.medicines, value: medicines.length },
    { icon: TriangleAlert, name: text.tiles.outliers, value: volumes.filter(({ outlier }) => outlier).length },
  ];

  return (
    <div className="space-y-5">
      <Panel labelledBy="register">
        <PanelHead id="register" title={text.title} icon={ShieldAlert} remark={busy ? text.reading : undefined} />
        <p className="max-w-prose text-sm text-ink-2">{text.body}</p>
        {problem && (
          <div className="mt-3">
            <ProblemNotice problem={problem} />
          </div>
        )}
        {registered.length === 0 ? (
          <Empty icon={ShieldAlert} title={text.none}>
            {text.noneBody}
          </Empty>
        ) : !isOpen ? (
          <div className="mt-4 space-y-3">
            <p className="text-sm text-ink-2">{text.locked}</p>
            <Button look="primary" icon={KeyRound} busy={vault.state === 'opening'} onClick={openDialog}>
              {text.unlock}
            </Button>
          </div>
        ) : (
          read && (
            <dl className="mt-4 grid grid-cols-2 gap-3 sm:grid-cols-4">
              {tiles.map(({ icon: Icon, name, value }) => (
                <div key={name} className="rounded-md border border-line p-3">
                  <dt className="flex items-center gap-2 text-sm text-ink-2">
                    <Icon size={16} aria-hidden /> {name}
                  </dt>
                  <dd className="text-xl font-bold">{formatNumber(value)}</dd>
                </div>
              ))}
            </dl>
          )
        )}
        <div className="mt-4 space-y-3">
          {more && (
            <Notice tone="warn" title={text.more(formatNumber(prescriptions.length))}>
              <p>{text.moreBody}</p>
            </Notice>
          )}
          {unregistered > 0 && (
            <Notice tone="warn" title={text.unregistered(unregistered)}>
              <p>{text.unregisteredBody}</p>
            </Notice>
          )}
          {read && read.refused.length > 0 && (
            <Notice tone="danger" title={text.unreadable(read.refused.length)} live="status">
              <p>{text.unreadableBody}</p>
            </Notice>
          )}
        </div>
      </Panel>
      {isOpen && read && entries.length > 0 && (
        <>
          <div className="grid gap-4 sm:grid-cols-2">
            <SelectField
              label={text.filter.medicine}
              options={[
                { value: '', label: text.filter.all },
                ...medicines.map(([value, label]) => ({ value, label: `${label} (${value})` })),
              ]}
              value={filter.medicine}
              onChange={(medicine) => setFilter((was) => ({ ...was, medicine }))}
            />
            <SelectField
              label={text.filter.prescriber}
              options={[
                { value: '', label: text.filter.everybody },
                ...prescribers.map((value) => ({ value, label: names.get(value) ?? value })),
              ]}
              value={filter.prescriber}
              onChange={(prescriber) => setFilter((was) => ({ ...was, prescriber }))}
            />
          </div>
          <VolumeTable volumes={shown} names={names} onlyOutliers={onlyOutliers} onOnlyOutliers={setOnlyOutliers} />
        </>
      )}
    </div>
  );
}
