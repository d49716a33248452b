/** What each signature on a supply channel says in words; names and numbers come as the page writes them. */
export const traceWords = {
  packs: (count: number, text: string) => (count === 1 ? '1 pack' : `${text} packs`),
  cases: (count: number, text: string) => (count === 1 ? '1 case' : `${text} cases`),
  of: (things: string, product: string) => `${things} of ${product}`,
  /** Neither a pack nor a case. */
  others: (count: number, text: string) => (count === 1 ? '1 other item' : `${text} other items`),
  nothing: 'nothing',
  steps: {
    commission: (things: string, batch: string, expiry: string) =>
      `Bring ${things} into being: batch ${batch}, to be used until ${expiry}.`,
    pack: (things: string, sscc: string) => `Pack ${things} into case ${sscc}.`,
    unpack: (things: string, sscc: string) => `Take ${things} out of case ${sscc}.`,
    empty: (sscc: string) => `Empty case ${sscc}.`,
    ship: (things: string, to: string) => `Ship ${things} to ${to}.`,
    return: (things: string, to: string) => `Return ${things} to ${to}.`,
    receive: (things: string, place: string) => `Receive ${things} at ${place}: they are in your hands then.`,
    decommission: (things: string) => `Take ${things} out of the supply chain.`,
    undo: (things: string) => `Undo that ${things} left the supply chain.`,
    dispense: (things: string) => `Hand ${things} to a patient. This is final.`,
    destroy: (things: string) => `Record ${things} as destroyed. This is final.`,
    steal: (things: string) => `Report ${things} as stolen. This is final.`,
    doubt: (things: string) => `Report ${things} as doubtful to the health authority.`,
    hold: (things: string) => `Put ${things} in quarantine.`,
    release: (things: string) => `Release ${things} from quarantine.`,
    sensor: (things: string) => `Record sensor readings about ${things}.`,
    other: (step: string, things: string) => `Record “${step}” for ${things}.`,
  },
  more: (count: string) => `And ${count} more events, which stand below.`,
  recall: (product: string, what: string, level: string, reason: string) =>
    `Recall ${what} of ${product} ${level}: from the next block on, nobody ships, sells or hands out any of it. Reason: “${reason}”`,
  whole: 'every pack',
  batches: (list: string) => `batch ${list}`,
  serials: (from: string, to: string) => `serial numbers ${from} to ${to}`,
  levels: { patient: 'down to patients', retail: 'down to pharmacies', wholesale: 'down to wholesalers' },
  endRecall: (product: string) => `End a recall of ${product}: what it stopped can move again.`,
};
