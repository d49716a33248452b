/** Chaincodes that every peer has in itself, of those that Fabric's peers have. */
export const systemChaincodes = ['_lifecycle', 'cscc', 'qscc'] as const;

export type SystemChaincode = (typeof systemChaincodes)[number];

export function isSystemChaincode(name: string): name is SystemChaincode {
  return systemChaincodes.some((known) => known === name);
}
