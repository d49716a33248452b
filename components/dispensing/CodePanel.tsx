import { Panel } from '#components/ui/Panel.tsx';
import { parseAccessCode } from '#crypto/accessCode.ts';
import { t } from '#messages/en.ts';
import { TypedCode } from './TypedCode.tsx';

/** What is wrong with a complete code; null where it is good. */
export function codeFault(typed: string): string | null {
  try {
    parseAccessCode(typed);
    return null;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : t.dispensing.verdict.forged;
  }
}

/** The typed code of a prescription, beside the scanner. */
export function CodePanel({ busy, onCode }: { busy: boolean; onCode: (typed: string) => void }) {
  return (
    <Panel as="div">
      <TypedCode busy={busy} check={codeFault} onCode={onCode} />
    </Panel>
  );
}
