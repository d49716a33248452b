import type { Policy, Role } from './policy.ts';

const roles = ['member', 'client', 'peer', 'admin', 'orderer'] as const satisfies readonly Role[];
const principalPattern = new RegExp(`^([A-Za-z0-9.-]+)\\.(${roles.join('|')})$`);
// Fabric v3 reads policies with an expression library in which lower-case `and` and `or` are operators.
const words = new Map<string, 'AND' | 'OR' | 'OUTOF'>([
  ['AND', 'AND'],
  ['And', 'AND'],
  ['OR', 'OR'],
  ['Or', 'OR'],
  ['OutOf', 'OUTOF'],
  ['outof', 'OUTOF'],
  ['OUTOF', 'OUTOF'],
]);
const token = /\s*(?:([A-Za-z_]\w*)|'([^'\\]*)'|"([^"\\]*)"|`([^`]*)`|(\d+(?:\.\d+)?)|([(),]))/y;

type Token = { kind: 'word' | 'text' | 'number' | 'sign'; value: string };

function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (text.slice(at).trim() !== '') {
    token.lastIndex = at;
    const match = token.exec(text);
    if (!match) throw new Error(`policy ${JSON.stringify(text)}: unexpected text at ${at + 1}`);
    const [, word, single, double, raw, number, sign] = match;
    if (word) tokens.push({ kind: 'word', value: word });
    else if (number) tokens.push({ kind: 'number', value: number });
    else if (sign) tokens.push({ kind: 'sign', value: sign });
    else tokens.push({ kind: 'text', value: single ?? double ?? raw ?? '' });
    at = token.lastIndex;
  }
  return tokens;
}

/** Reads a policy's tokens from left to right. */
class Reader {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokenise(text);
  }

  fail(message: string): never {
    throw new Error(`policy ${JSON.stringify(this.#text)}: ${message}`);
  }

  take(kind: Token['kind'], expected: string, value?: string): string {
    const current = this.#tokens[this.#next];
    if (current?.kind !== kind || (value !== undefined && current.value !== value))
      return this.fail(`expected ${expected}, found ${current?.value ?? 'its end'}`);
    this.#next += 1;
    return current.value;
  }

  has(kind: Token['kind'], value?: string): boolean {
    const current = this.#tokens[this.#next];
    return current?.kind === kind && (value === undefined || current.value === value);
  }

  end(): void {
    if (this.#next < this.#tokens.length) this.fail(`expected the end, found ${this.#tokens[this.#next]?.value}`);
  }

  /** A call of AND, OR or OutOf. */
  gate(): Policy {
    const name = this.take('word', 'AND, OR or OutOf');
    const word = words.get(name) ?? this.fail(`${name} is not AND, OR or OutOf`);
    this.take('sign', '(', '(');
    const asked = word === 'OUTOF' ? this.#count() : undefined;
    const rules: Policy[] = [];
    while (!this.has('sign', ')')) {
      rules.push(this.has('text') ? this.#principal() : this.gate());
      if (!this.has('sign', ')')) this.take('sign', ', or )', ',');
    }
    this.take('sign', ')', ')');
    if (rules.length === 0) this.fail(`${name} has nothing to choose from`);
    const n = asked ?? (word === 'AND' ? rules.length : 1);
    // Fabric admits one more than there are, which nobody can satisfy, and none at all, which everybody does.
    if (n > rules.length + 1) this.fail(`${name} asks for ${n} of ${rules.length}`);
    return { kind: 'outOf', n, rules };
  }

  #count(): number {
    const text = this.has('text') ? this.take('text', 'a number') : this.take('number', 'a number');
    if (!/^\d+(\.\d+)?$/.test(text)) this.fail(`expected a number, found ${text}`);
    this.take('sign', ',', ',');
    return Math.trunc(Number(text));
  }

  #principal(): Policy {
    const value = this.take('text', 'a principal');
    const [, mspId, role] = principalPattern.exec(value) ?? [];
    const known = roles.find((candidate) => candidate === role);
    if (mspId === undefined || known === undefined)
      return this.fail(`'${value}' is not 'MSP.role' with a role of ${roles.join(', ')}`);
    return { kind: 'principal', mspId, role: known };
  }
}

/**
 * Parses Fabric's policy language (common/policydsl): AND(…), OR(…), OutOf(n, …) over 'MSP.role'. A principal alone is
 * no policy. Throws with what was expected.
 */
export function parsePolicy(text: string): Policy {
  const reader = new Reader(text);
  const policy = reader.gate();
  reader.end();
  return policy;
}
