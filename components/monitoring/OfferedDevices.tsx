import { HeartPulse } from 'lucide-react';
import type { OfferedDevice } from '#server/circles/schema.ts';

/** Devices to choose one of, with whose they are; what is none of these is typed. */
export function OfferedDevices({
  legend,
  none,
  offered,
  chosen,
  onChoose,
}: {
  legend: string;
  /** Said where there is none. */
  none: string;
  offered: readonly OfferedDevice[];
  /** Id of the one that is chosen. */
  chosen: string | undefined;
  onChoose: (id: string) => void;
}) {
  return (
    <fieldset>
      <legend className="mb-1.5 text-sm font-semibold text-ink-2">{legend}</legend>
      {offered.length === 0 ? (
        <p className="text-sm text-ink-2">{none}</p>
      ) : (
        <ul className="divide-y divide-line border-y border-line">
          {offered.map((device) => (
            <li key={device.id}>
              <button
                type="button"
                aria-pressed={device.id === chosen}
                onClick={() => onChoose(device.id)}
                className="flex w-full items-center gap-3 px-1 py-2.5 text-left hover:bg-sunken aria-pressed:bg-brand-soft"
              >
                <HeartPulse size={20} aria-hidden className="shrink-0 text-ink-3" />
                <span className="min-w-0 flex-1">
                  <span className="block font-bold break-words">{device.model}</span>
                  <span className="block text-sm text-ink-2">{device.institution}</span>
                  <span className="block font-mono text-xs break-all text-ink-3">{device.id}</span>
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </fieldset>
  );
}
