import { PackageCheck, Store, Undo2 } from 'lucide-react';
import { Button } from '#components/ui/Button.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { Kbd } from '#components/ui/Kbd.tsx';
import { t } from '#messages/en.ts';

const text = t.dispensing.actions;

/** What can be done with a prescription that is held here: given back, closed short, dispensed. */
export function CounterActions({
  isRecording,
  isBusy,
  isReady,
  mayDispense,
  quantity,
  left,
  onGiveBack,
  onCloseShort,
  onNearby,
  onDispense,
}: {
  isRecording: boolean;
  isBusy: boolean;
  isReady: boolean;
  /** Whether its content is open, and such as may be dispensed. */
  mayDispense: boolean;
  quantity: string;
  left: number;
  onGiveBack: () => void;
  onCloseShort: () => void;
  /** Asks who has it nearby; absent while it cannot be given on. */
  onNearby?: (() => void) | undefined;
  onDispense: () => void;
}) {
  return (
    <div className="flex flex-wrap gap-2">
      <Button icon={Undo2} disabled={isRecording} onClick={onGiveBack}>
        {text.return}
      </Button>
      {onNearby && (
        <Button icon={Store} disabled={isRecording || isBusy} onClick={onNearby}>
          {t.dispensing.nearby.open}
        </Button>
      )}
      <span className="flex-1" />
      <Button disabled={isRecording} onClick={onCloseShort}>
        {text.closeShort}
      </Button>
      {mayDispense && (
        <Button
          look="primary"
          icon={PackageCheck}
          busy={isRecording || isBusy}
          disabled={!isReady}
          onClick={onDispense}
          after={<Kbd onBrand>Ctrl ⏎</Kbd>}
        >
          {isRecording ? text.dispensing : text.dispense(quantity || '0', formatNumber(left))}
        </Button>
      )}
    </div>
  );
}
