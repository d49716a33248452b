import { CircleStop } from 'lucide-react';
import { Button } from '#components/ui/Button.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import { Time } from '#components/ui/Time.tsx';
import { t } from '#messages/en.ts';
import type { DelegationView } from '#server/delegations/schema.ts';

const text = t.keys.delegations;

/** One delegation: to which software, what for and until when; `who` gave it, where that is not the reader. */
export function DelegationRow({
  delegation: { model, functions, until, state, endedAt },
  who,
  busy,
  onEnd,
}: {
  delegation: DelegationView;
  who?: string;
  busy: boolean;
  onEnd: () => void;
}) {
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
      <div className="min-w-0 flex-1 basis-52">
        <p className="font-bold">{who === undefined ? model : text.ofSomebody(who, model)}</p>
        <p className="text-sm text-ink-2">{functions.map((name) => t.registry.words.functions[name]).join(', ')}</p>
        <p className="text-sm text-ink-2">
          {endedAt ? text.endedAt : text.inForceUntil} <Time value={endedAt ?? until} />
        </p>
      </div>
      <Pill tone={state === 'inForce' ? 'ok' : 'neutral'}>{text.states[state]}</Pill>
      {state === 'inForce' && (
        <Button size="sm" icon={CircleStop} disabled={busy} onClick={onEnd}>
          {text.end}
        </Button>
      )}
    </li>
  );
}
