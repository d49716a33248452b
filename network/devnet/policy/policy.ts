/** A role that an identity of an MSP can hold. `member` is held by every valid identity. */
export type Role = 'member' | 'client' | 'peer' | 'admin' | 'orderer';

/**
 * A policy: a principal; a number of sub-policies that must hold together (`outOf`); or one that counts the policies of
 * other groups, each on its own (`implicit`, Fabric's ImplicitMetaPolicy: ANY, ALL, MAJORITY).
 */
export type Policy =
  | { kind: 'principal'; mspId: string; role: Role }
  | { kind: 'outOf' | 'implicit'; n: number; rules: Policy[] };

/** What a policy needs to know of a signer. */
export interface Signer {
  mspId: string;
  /** From the NodeOU; undefined where the MSP does not tell roles apart. */
  role: Exclude<Role, 'member'> | undefined;
  /** Whether the MSP lists this very certificate as an administrator's. */
  listedAdmin?: boolean;
}

/** The MSPs that a policy names, without repetition, in order of appearance. */
export function organisationsOf(policy: Policy): string[] {
  if (policy.kind === 'principal') return [policy.mspId];
  return [...new Set(policy.rules.flatMap(organisationsOf))];
}

/** Whether an identity is what a principal asks for. */
export function satisfiesPrincipal(signer: Signer, principal: { mspId: string; role: Role }): boolean {
  if (signer.mspId !== principal.mspId) return false;
  if (principal.role === 'admin' && signer.listedAdmin) return true;
  return principal.role === 'member' || signer.role === principal.role;
}

/** Whether the signers satisfy the policy. As in Fabric, one signer counts for one principal only. */
export function evaluatePolicy(policy: Policy, signers: readonly Signer[]): boolean {
  return evaluate(policy, signers, new Array<boolean>(signers.length).fill(false)) !== undefined;
}

/**
 * Answers which signers are used up when the policy holds, undefined when it does not. As in Fabric (common/cauthdsl) a
 * principal takes the first signer that fits, and every rule is tried, also when enough hold already.
 */
function evaluate(policy: Policy, signers: readonly Signer[], used: boolean[]): boolean[] | undefined {
  if (policy.kind === 'principal') {
    const index = signers.findIndex((signer, at) => !used[at] && satisfiesPrincipal(signer, policy));
    if (index < 0) return undefined;
    const after = [...used];
    after[index] = true;
    return after;
  }
  if (policy.kind === 'implicit')
    return policy.rules.filter((rule) => evaluatePolicy(rule, signers)).length >= policy.n ? used : undefined;
  let count = 0;
  let current = used;
  for (const rule of policy.rules) {
    const after = evaluate(rule, signers, current);
    if (!after) continue;
    count += 1;
    current = after;
  }
  return count >= policy.n ? current : undefined;
}

/** Whether an identity belongs to a collection: it satisfies one of the principals of its policy. */
export function isMember(policy: Policy, signer: Signer): boolean {
  return policy.kind === 'principal'
    ? satisfiesPrincipal(signer, policy)
    : policy.rules.some((rule) => isMember(rule, signer));
}

/** Whether a policy is an OR of principals, as Fabric asks it of a collection's members. */
export function isAlternative(policy: Policy): boolean {
  return policy.kind === 'principal' || (policy.n === 1 && policy.rules.every(isAlternative));
}
