/** Flows over the ledgers that wait for their person. */
export const flows = {
  title: 'Waiting for you',
  remark: 'begun, not finished',
  resume: 'Carry on',
  look: 'Look again',
  abandon: 'Give up…',
  abandonTitle: 'Give this up?',
  abandonBody: 'The ledger is asked first. What it has stays recorded; otherwise, what was prepared is discarded.',
  abandonDo: 'Give it up',
  abandonKeep: 'Keep it',
  until: 'Runs out',
  begun: 'Begun',
  done: 'Signed and recorded',
  kept: 'what was recorded stays recorded. It waits here, where you can carry on.',
  /** Said where a step failed and nobody knows whether it was recorded. */
  again: 'what was recorded stays recorded. Pressing again first asks the ledger, so that nothing is recorded twice.',
  units: (quantity: number, text: string) => (quantity === 1 ? '1 unit' : `${text} units`),
  reason: (reason: string) => `“${reason}”`,
  kinds: {
    issue: 'New prescription',
    accept: 'Acceptance',
    return: 'Return',
    dispense: 'Dispensing',
    close: 'Closing',
    cancel: 'Cancellation',
    voidCode: 'Voiding of the code',
    renewCode: 'New code',
    linkWallet: 'Linking of a wallet',
    unlinkWallet: 'Unlinking of a wallet',
  },
  /** What only the page that began it could sign: what to do instead. */
  instead: {
    accept: 'Its code was kept nowhere: scan or type the code again to accept it.',
    renewCode: 'The code that was being made was kept nowhere: make a new one on the medicine’s card.',
  },
  /** The step that a flow stands at. */
  standing: {
    store: 'not stored yet',
    sign: 'not recorded yet',
    mint: 'token not minted yet',
    attest: 'token not marked yet',
    publish: 'not in the lists yet',
    grant: 'not yet able to prescribe',
  },
  undecided: 'signed, not confirmed yet',
};
