'use client';

import { RefreshCw } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { toast } from 'sonner';
import { useSigned } from '#components/signing/useSigned.ts';
import { Button } from '#components/ui/Button.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { newIdentifier } from '#crypto/identifier.ts';
import { t } from '#messages/en.ts';

const text = t.dispensing.renewal;

/** Asks the prescriber to write a prescription anew, in the patient's name. */
export function RenewalButton({ id, disabled = false }: { id: string; disabled?: boolean }) {
  const router = useRouter();
  const signed = useSigned();
  const { busy, problem, attempt } = useAttempt();
  return (
    <>
      <Button
        size="sm"
        icon={RefreshCw}
        busy={busy}
        disabled={disabled}
        onClick={() =>
          void attempt(async () => {
            // On the care channel of the prescription.
            const renewal = { id: newIdentifier(`rn-${id.split('-')[1]}`), prescription: id };
            await signed({ kind: 'askRenewal', renewal });
            toast.success(text.asked);
            router.refresh();
          })
        }
      >
        {text.ask}
      </Button>
      {problem && <ProblemNotice problem={problem} />}
    </>
  );
}
