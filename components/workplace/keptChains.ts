/** Kinds of channels whose blocks an organisation's peer keeps, as the consortium's channel table has it. */
const kinds: Record<string, readonly string[]> = {
  HospitalMSP: ['registry', 'care', 'supply', 'claims'],
  PharmacyMSP: ['registry', 'care', 'supply', 'claims'],
  RegulatorMSP: ['registry', 'care', 'supply', 'claims'],
  InsurerMSP: ['registry', 'claims'],
  SupplyMSP: ['registry', 'supply'],
};

export type ChainKind = 'registry' | 'care' | 'supply' | 'claims';

/** “care-0” is of kind `care`. */
export function kindOf(channel: string): ChainKind | undefined {
  const kind = channel.split('-')[0];
  return (['registry', 'care', 'supply', 'claims'] as const).find((known) => known === kind);
}

/** Whether an organisation keeps a channel. An organisation without peers, or an unknown one, keeps none. */
export function keeps(mspId: string, channel: string): boolean {
  const kind = kindOf(channel);
  return kind !== undefined && (kinds[mspId]?.includes(kind) ?? false);
}
