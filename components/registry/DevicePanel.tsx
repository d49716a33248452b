'use client';

import { ArrowRightLeft, HeartPulse, Inbox, KeyRound, Plus, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { MenuItem } from '#components/ui/Menu.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { t } from '#messages/en.ts';
import type { OfferedDevice, DeviceView as SeenDevice } from '#server/circles/schema.ts';
import type { DeviceView } from '#server/registry/schema.ts';
import { DeviceDialog } from './DeviceDialog.tsx';
import { DeviceFacts } from './DeviceFacts.tsx';
import { StatusMenu } from './StatusMenu.tsx';
import { StatusPill } from './StatusPill.tsx';
import { type Receiver, TransferDialog } from './TransferDialog.tsx';
import { useChange } from './useChange.ts';

const text = t.registry.devices;
const monitoring = t.monitoringPages.devices;
const words = { suspend: text.suspend, restore: text.restore, revoke: text.retire };

/** Devices of an institution, and all that its admin signs about them. */
export function DevicePanel({
  devices,
  offers,
  institutionId,
  systems,
  seen,
  receivers,
}: {
  devices: DeviceView[];
  /** What other institutions hand over to this one. */
  offers: readonly OfferedDevice[];
  institutionId: string;
  /** Ids of those whose keys the connector holds, and nobody renews. */
  systems: readonly string[];
  /** What the telemetry gateway has seen of them. */
  seen: readonly SeenDevice[];
  /** Institutions that a device can be handed to. */
  receivers: readonly Receiver[];
}) {
  const [opened, setOpened] = useState<'new' | 'accept' | DeviceView | null>(null);
  const [leaving, setLeaving] = useState<DeviceView | null>(null);
  const nameOf = (id: string) => receivers.find((one) => one.id === id)?.name ?? id;
  const { change, problem } = useChange();
  return (
    <Panel labelledBy="devices">
      <PanelHead
        id="devices"
        title={text.title}
        remark={text.remark}
        aside={
          <div className="flex flex-wrap gap-2">
            <Button size="sm" icon={Inbox} onClick={() => setOpened('accept')}>
              {monitoring.accept}
            </Button>
            <Button look="primary" size="sm" icon={Plus} onClick={() => setOpened('new')}>
              {text.add}
            </Button>
          </div>
        }
      />
      {offers.length > 0 && (
        <p className="mb-3 font-semibold">{monitoring.offers(offers.length, formatNumber(offers.length))}</p>
      )}
      {problem && <ProblemNotice problem={problem} />}
      {devices.length === 0 ? (
        <Empty icon={HeartPulse} title={text.empty}>
          {text.emptyBody}
        </Empty>
      ) : (
        <ul className="divide-y divide-line">
          {devices.map((device) => (
            <li key={device.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
              <div className="min-w-0 flex-1 basis-56">
                <p className="font-bold">{device.model}</p>
                <p className="font-mono text-xs break-all text-ink-3">{device.id}</p>
                <p className="text-sm text-ink-2">
                  {monitoring.purposeOf[device.purpose ?? 'system']} · {text.key}{' '}
                  <span className="font-mono text-xs">{device.keys.signingKeyHash.slice(0, 16)}…</span>
                </p>
                {device.attestation && (
                  <p className="text-sm text-ink-2">
                    {monitoring.attestation}: {device.attestation.format}{' '}
                    <span className="font-mono text-xs">{device.attestation.hash.slice(0, 16)}…</span>
                  </p>
                )}
                {device.transferTo !== undefined && (
                  <p className="text-sm font-semibold text-warn">{monitoring.offered(nameOf(device.transferTo))}</p>
                )}
                {measures(device) && <Seen device={seen.find(({ id }) => id === device.id)} />}
              </div>
              <StatusPill status={device.status} />
              <StatusMenu
                label={text.actions(device.model)}
                status={device.status}
                words={words}
                onStatus={(status) =>
                  void change({ kind: 'setDeviceStatus', device: device.id, status }, { [device.id]: device.model })
                }
              >
                {device.status === 'active' && holdsOwnKeys(device, systems) && (
                  <MenuItem icon={KeyRound} onSelect={() => setOpened(device)}>
                    {text.renewKeys}
                  </MenuItem>
                )}
                {device.status === 'active' && holdsOwnKeys(device, systems) && receivers.length > 0 && (
                  <MenuItem icon={ArrowRightLeft} onSelect={() => setLeaving(device)}>
                    {monitoring.transfer}
                  </MenuItem>
                )}
                {device.transferTo !== undefined && (
                  <MenuItem
                    icon={Undo2}
                    onSelect={() =>
                      void change(
                        { kind: 'transferDevice', device: device.id, institution: institutionId },
                        { [device.id]: device.model, [institutionId]: monitoring.us },
                      )
                    }
                  >
                    {monitoring.takeBack}
                  </MenuItem>
                )}
              </StatusMenu>
            </li>
          ))}
        </ul>
      )}
      {opened !== null && (
        <DeviceDialog
          institutionId={institutionId}
          {...(opened === 'new' ? {} : opened === 'accept' ? { accepting: offers } : { device: opened })}
          onClose={() => setOpened(null)}
        />
      )}
      {leaving && <TransferDialog device={leaving} receivers={receivers} onClose={() => setLeaving(null)} />}
    </Panel>
  );
}

/** The keys of a gateway, a monitor and a partner's system lie in the connector: nobody renews them, or passes them on. */
const holdsOwnKeys = ({ id, purpose }: DeviceView, systems: readonly string[]) =>
  purpose !== 'gateway' && purpose !== 'monitor' && !systems.includes(id);

/** Devices that send readings, or may. */
const measures = ({ purpose }: DeviceView) => purpose === 'sensor' || purpose === 'hub' || purpose === 'monitor';

function Seen({ device }: { device: SeenDevice | undefined }) {
  return device === undefined ? null : <DeviceFacts seen={device} />;
}
