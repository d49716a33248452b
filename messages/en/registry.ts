/** The registry: who signs what of it, in words; people, devices and keys of an institution; the authority's decisions. */
export const registry = {
  words: {
    admitInstitution: (institution: string) => `Admit ${institution}: from now on it can have people who act for it.`,
    refuseInstitution: (institution: string, reason: string) =>
      `Refuse ${institution}. The reason is public: “${reason}”.`,
    setInstitutionStatus: {
      active: (institution: string) => `Restore ${institution}: its people can act again.`,
      suspended: (institution: string) =>
        `Suspend ${institution}: nobody of it can sign anything, and all their sessions end.`,
      revoked: (institution: string) => `Revoke ${institution} for good: nobody ever acts for it again.`,
    },
    registerPractitioner: (person: string, role: string, licence: string, from: string, until: string) =>
      `Register ${person} as ${role} of your institution, with licence ${licence}, valid from ${from} until ${until}.`,
    setPractitionerStatus: {
      active: (person: string) => `Restore ${person}, who can sign again.`,
      suspended: (person: string) =>
        `Suspend ${person}, who can sign nothing from then on, on no ledger, and whose sessions end.`,
      revoked: (person: string) => `Revoke ${person} for good.`,
    },
    renewLicence: (person: string, licence: string, from: string, until: string) =>
      `Record licence ${licence} of ${person}, valid from ${from} until ${until}.`,
    registerDevice: (model: string) => `Register a ${model} as a device of your institution.`,
    setDeviceStatus: {
      active: (device: string) => `Put ${device} into use again.`,
      suspended: (device: string) => `Suspend ${device}: nothing that it sends counts.`,
      revoked: (device: string) => `Retire ${device} for good.`,
    },
    rotateDeviceKeys: (device: string) => `Give ${device} new keys; the old ones are worth nothing then.`,
    addCredential: {
      passkey: 'Add a passkey that can confirm your signatures.',
      pin: 'Add a signing PIN that can confirm your signatures.',
    },
    removeCredential: 'Remove a passkey or signing PIN: it confirms nothing of yours any more.',
    rotateKeys: 'Replace both of your keys. The old signing key is worth nothing then.',
    putInstitutionReading: (institution: string, generation: string) =>
      `Put reading key number ${generation} of ${institution} in force: from now on records are shared with it.`,
    wrapForStaff: (institution: string, members: string) => `Give the reading key of ${institution} to ${members}.`,
    members: (count: number, text: string) => (count === 1 ? '1 member of staff' : `${text} members of staff`),
    proposeReenrolment: (person: string) =>
      `Propose new keys for ${person}, who has lost the old ones. The authority decides; then there are 72 hours to object.`,
    approveReenrolment: (person: string) =>
      `Approve new keys for ${person}. They count in 72 hours, unless somebody objects.`,
    refuseReenrolment: (person: string, reason: string) => `Refuse new keys for ${person}. Reason: “${reason}”.`,
  },
};
