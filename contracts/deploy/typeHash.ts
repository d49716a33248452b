import { type Hex, keccak256, toHex } from 'viem';

/** EIP-712: hash of the type as it is written. */
export const typeHash = (name: string, members: readonly { name: string; type: string }[]): Hex =>
  keccak256(toHex(`${name}(${members.map((member) => `${member.type} ${member.name}`).join(',')})`));
