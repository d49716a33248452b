import type { ResumableIntent, SagaView } from '#server/transactions/schema.ts';

type Step = SagaView['steps'][number];
type Stepped = Pick<SagaView, 'steps'>;

export const stepOf = ({ steps }: Stepped, name: Step['name']): Step | undefined =>
  steps.find((step) => step.name === name);

/** The step at which a flow waits or stopped, for one line of a list. */
export function standingOf({ steps }: Stepped): Step | undefined {
  return steps.find(({ state }) => state !== 'done') ?? steps.at(-1);
}

/** True where what the portal kept is what the person was shown before signing: nobody signs anything else unseen. */
export function isAsShown({ kind, subject, about }: SagaView, intent: ResumableIntent): boolean {
  if (intent.kind !== kind) return false;
  switch (intent.kind) {
    case 'issue':
      return intent.issue.id === subject;
    case 'dispense':
      return intent.id === subject && intent.dispense.quantity === about.quantity;
    case 'close':
    case 'cancel':
      return intent.id === subject && intent.reason === about.reason;
    case 'linkWallet':
    case 'unlinkWallet':
      return intent.subject === subject && intent.address === about.address;
    default:
      return intent.id === subject;
  }
}
