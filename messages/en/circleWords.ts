import type { AlertOutcome } from '#chaincode/model/alert.ts';

/** What people sign about circles, plans and alerts. */
export const circleWords = {
  seat: (who: string, until: string | undefined) =>
    `Let ${who} take part in watching your readings${until === undefined ? '' : `, until ${until}`}.`,
  unseat: (who: string) => `End that ${who} takes part: nothing that is measured from now on can be read there.`,
  commit: (whose: string, joins: boolean, removed: number) => {
    const said = [
      ...(joins ? ['join with this browser'] : []),
      ...(removed > 0 ? [`remove ${removed} ${removed === 1 ? 'device or browser' : 'devices or browsers'}`] : []),
    ];
    return `Renew the common key of ${whose}’s circle${said.length === 0 ? '' : `: ${said.join(' and ')}`}.`;
  },
  archive: (whose: string) => `Keep the key of ${whose}’s readings for whoever may read results.`,
  setPlan: (whose: string, version: number) => `Set plan ${version}: what is watched of ${whose}, and whom it calls.`,
  resealPlan: (whose: string) => `Seal the plan of ${whose} for those who take part now.`,
  acknowledge: 'Take on this alert: you see to the patient.',
  close: (outcome: string) => `Close this alert: ${outcome}.`,
  outcomes: {
    treated: 'treated',
    expected: 'expected, no treatment needed',
    technical: 'a technical fault',
    other: 'another reason',
  } satisfies Record<AlertOutcome, string>,
};
