/** A role that an identity of an MSP can hold (NodeOUs). `member` is held by every valid identity. */
export type Role = 'member' | 'client' | 'peer' | 'admin' | 'orderer';

/** A signature policy: a principal, or a number of sub-policies that must hold. */
export type Policy = { kind: 'principal'; mspId: string; role: Role } | { kind: 'outOf'; n: number; rules: Policy[] };

/** What a policy needs to know of a signer. */
export interface Signer {
  mspId: string;
  role: Exclude<Role, 'member'>;
}

const roles: readonly string[] = ['member', 'client', 'peer', 'admin', 'orderer'] satisfies Role[];
const token = /\s*(?:(AND|OR|OUTOF)\b|'([^']*)'|"([^"]*)"|(\d+)|([(),]))/iy;

type Token = { kind: 'word' | 'text' | 'number' | 'sign'; value: string };

function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  token.lastIndex = 0;
  let at = 0;
  while (text.slice(at).trim() !== '') {
    const match = token.exec(text);
    if (!match) throw new Error(`policy ${JSON.stringify(text)}: unexpected text at ${at + 1}`);
    const [, word, single, double, number, sign] = match;
    if (word) tokens.push({ kind: 'word', value: word.toUpperCase() });
    else if (number) tokens.push({ kind: 'number', value: number });
    else if (sign) tokens.push({ kind: 'sign', value: sign });
    else tokens.push({ kind: 'text', value: single ?? double ?? '' });
    at = token.lastIndex;
  }
  return tokens;
}

/** Parses Fabric's policy language: AND(…), OR(…), OutOf(n, …), 'MSP.role'. Throws with the place of a fault. */
export function parsePolicy(text: string): Policy {
  const tokens = tokenise(text);
  let next = 0;
  const fail = (expected: string): never => {
    throw new Error(`policy ${JSON.stringify(text)}: expected ${expected}, found ${tokens[next]?.value ?? 'its end'}`);
  };
  const take = (kind: Token['kind'], expected: string, value?: string): string => {
    const current = tokens[next];
    if (!current || current.kind !== kind || (value !== undefined && current.value !== value)) return fail(expected);
    next += 1;
    return current.value;
  };
  const principal = (value: string): Policy => {
    const dot = value.lastIndexOf('.');
    const role = value.slice(dot + 1);
    if (dot < 1 || !roles.includes(role))
      throw new Error(
        `policy ${JSON.stringify(text)}: '${value}' is not 'MSP.role' with a role of ${roles.join(', ')}`,
      );
    return { kind: 'principal', mspId: value.slice(0, dot), role: role as Role };
  };
  const expression = (): Policy => {
    const current = tokens[next];
    if (current?.kind === 'text') {
      next += 1;
      return principal(current.value);
    }
    const word = take('word', 'AND, OR, OutOf or a principal');
    take('sign', '(', '(');
    let n = 0;
    if (word === 'OUTOF') {
      n = Number(take('number', 'a number'));
      take('sign', ',', ',');
    }
    const rules = [expression()];
    while (tokens[next]?.value === ',' && tokens[next]?.kind === 'sign') {
      next += 1;
      rules.push(expression());
    }
    take('sign', ')', ')');
    if (word === 'AND') n = rules.length;
    if (word === 'OR') n = 1;
    if (n < 1 || n > rules.length)
      throw new Error(`policy ${JSON.stringify(text)}: OutOf asks for ${n} of ${rules.length}`);
    return { kind: 'outOf', n, rules };
  };
  const result = expression();
  if (next < tokens.length) fail('the end');
  return result;
}

/** The MSPs that a policy names, without repetition, in order of appearance. */
export function organisationsOf(policy: Policy): string[] {
  if (policy.kind === 'principal') return [policy.mspId];
  return [...new Set(policy.rules.flatMap(organisationsOf))];
}

/** Whether an identity is what a principal asks for. */
export function satisfiesPrincipal(signer: Signer, principal: { mspId: string; role: Role }): boolean {
  return signer.mspId === principal.mspId && (principal.role === 'member' || signer.role === principal.role);
}

/** Whether the signers satisfy the policy. As in Fabric, one signer counts for one principal only. */
export function evaluatePolicy(policy: Policy, signers: readonly Signer[]): boolean {
  return evaluate(policy, signers, new Array<boolean>(signers.length).fill(false)) !== undefined;
}

/** Answers which signers are used up when the policy holds, undefined when it does not. */
function evaluate(policy: Policy, signers: readonly Signer[], used: boolean[]): boolean[] | undefined {
  if (policy.kind === 'principal') {
    const index = signers.findIndex((signer, at) => !used[at] && satisfiesPrincipal(signer, policy));
    if (index < 0) return undefined;
    const after = [...used];
    after[index] = true;
    return after;
  }
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
