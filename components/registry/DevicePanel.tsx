'use client';

import { HeartPulse, KeyRound, Plus } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { MenuItem } from '#components/ui/Menu.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { t } from '#messages/en.ts';
import type { DeviceView } from '#server/registry/schema.ts';
import { DeviceDialog } from './DeviceDialog.tsx';
import { StatusMenu } from './StatusMenu.tsx';
import { StatusPill } from './StatusPill.tsx';
import { useChange } from './useChange.ts';

const text = t.registry.devices;
const words = { suspend: text.suspend, restore: text.restore, revoke: text.retire };

/** Devices of an institution, and all that its admin signs about them. */
export function DevicePanel({
  devices,
  institutionId,
  systems,
}: {
  devices: DeviceView[];
  institutionId: string;
  /** Ids of those whose keys the connector holds, and nobody renews. */
  systems: readonly string[];
}) {
  const [opened, setOpened] = useState<'new' | DeviceView | null>(null);
  const { change, problem } = useChange();
  return (
    <Panel labelledBy="devices">
      <PanelHead
        id="devices"
        title={text.title}
        remark={text.remark}
        aside={
          <Button look="primary" size="sm" icon={Plus} onClick={() => setOpened('new')}>
            {text.add}
          </Button>
        }
      />
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
                  {text.key} <span className="font-mono text-xs">{device.keys.signingKeyHash.slice(0, 16)}…</span>
                </p>
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
                {device.status === 'active' && !systems.includes(device.id) && (
                  <MenuItem icon={KeyRound} onSelect={() => setOpened(device)}>
                    {text.renewKeys}
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
          {...(opened === 'new' ? {} : { device: opened })}
          onClose={() => setOpened(null)}
        />
      )}
    </Panel>
  );
}
