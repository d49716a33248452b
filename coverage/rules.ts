import { type ASTNode, Environment, type ParseResult } from '@marcbachmann/cel-js';
import type { PlanRule } from '#chaincode/model/plan.ts';

/**
 * The insurer's own rules: expressions of CEL (https://github.com/google/cel-spec) that are true or false of a claim. They know what is
 * declared here and nothing else: no clock, no randomness, no pattern matching (whose time nobody can bound), no
 * loop but over the claim's items. The same claim always gets the same answer.
 */

/** What a rule may ask. All numbers are whole; amounts in minor units. */
export interface RuleInput {
  claim: {
    /** `claim` or `preauthorisation`. */
    use: string;
    category: string;
    billed: number;
    /** Days from the service to the claim. */
    daysToFile: number;
  };
  items: {
    code: string;
    /** Empty of a service. */
    atc: string;
    tier: string;
    quantity: number;
    net: number;
    /** Since the member was last served the same code; −1 where never. */
    daysSinceLast: number;
  }[];
  member: {
    /** In whole years at the service; absent where the birth date is not known, and rules that ask for it go to a person. */
    age?: number | undefined;
    daysInsured: number;
    /** Other claims of the member for services of the same day, and of the policy's year. */
    claimsThatDay: number;
    claimsThatYear: number;
  };
  /** What the policy has used of its year; `category`: what the insurer paid in the claim's own. */
  year: { insurer: number; patient: number; deductible: number; category: number };
  /** Of the provider's claims to this insurer. */
  provider: { claims: number; denied: number; medianBilled: number };
}

class Item {
  constructor(members: Record<string, string | bigint>) {
    Object.assign(this, members);
  }
}

/** What a rule may name, with the type of each, for the editor. */
export const ruleVariables = {
  claim: { use: 'string', category: 'string', billed: 'int', daysToFile: 'int' },
  member: { age: 'int', daysInsured: 'int', claimsThatDay: 'int', claimsThatYear: 'int' },
  year: { insurer: 'int', patient: 'int', deductible: 'int', category: 'int' },
  provider: { claims: 'int', denied: 'int', medianBilled: 'int' },
} as const;
export const ruleItem = {
  ...{ code: 'string', atc: 'string', tier: 'string', quantity: 'int', net: 'int', daysSinceLast: 'int' },
} as const;

const environment = new Environment({
  unlistedVariablesAreDyn: false,
  homogeneousAggregateLiterals: true,
  enableOptionalTypes: false,
  limits: { maxAstNodes: 120, maxDepth: 24, maxListElements: 40, maxMapEntries: 0, maxCallArguments: 3 },
}).registerType('Item', { ctor: Item, fields: ruleItem });
for (const [name, schema] of Object.entries(ruleVariables)) environment.registerVariable({ name, schema });
environment.registerVariable('items', 'list<Item>');

/** Functions and macros that a rule may call; everything else of the language is refused. */
const calls = new Set(['size', 'startsWith', 'endsWith', 'contains', 'exists', 'all', 'exists_one', 'filter', 'map']);
const macros = new Set(['exists', 'all', 'exists_one', 'filter', 'map']);
/** Within another: more would be the items by the items by the items. */
const deepestMacro = 2;

export interface RuleFault {
  /** In words, for who writes the rule. */
  words: string;
  /** Places in the text, where they are known. */
  start?: number;
  end?: number;
}

type Checked = { ok: true; rule: ParseResult } | { ok: false; fault: RuleFault };
const compiled = new Map<string, Checked>();
const mostCompiled = 500;

function compile(text: string): Checked {
  const known = compiled.get(text);
  if (known !== undefined) return known;
  const checked = compileAnew(text);
  if (compiled.size >= mostCompiled) compiled.clear();
  compiled.set(text, checked);
  return checked;
}

function compileAnew(text: string): Checked {
  const fault = (words: string, range?: { start: number; end: number }): Checked => ({
    ok: false,
    fault: { words, ...(range !== undefined && { start: range.start, end: range.end }) },
  });
  let rule: ParseResult;
  try {
    rule = environment.parse(text);
  } catch (error) {
    return fault(summaryOf(error), rangeOf(error));
  }
  const forbidden = firstForbidden(rule.ast, 0);
  if (forbidden !== undefined) return fault(forbidden.words, forbidden.at.range);
  const { valid, type, error } = rule.check();
  if (!valid) return fault(error === undefined ? 'This cannot be understood.' : error.summary, error?.range);
  if (type !== 'bool') return fault(`A rule is true or false; this is of type ${type ?? 'unknown'}.`);
  return { ok: true, rule };
}

/** What is wrong with a rule's expression; undefined where it is right. */
export function checkRule(text: string): RuleFault | undefined {
  const checked = compile(text);
  return checked.ok ? undefined : checked.fault;
}

export type RuleResult = { is: boolean } | { failed: string };

/** Whether a rule is true of a claim. What cannot be told is `failed`, with why: whoever asks hands the claim to a person. */
export function evaluateRule({ when }: Pick<PlanRule, 'when'>, input: RuleInput): RuleResult {
  const checked = compile(when);
  if (!checked.ok) return { failed: checked.fault.words };
  try {
    const value: unknown = checked.rule({
      ...whole(input),
      items: input.items.map((item) => new Item(wholeMembers(item))),
    });
    return typeof value === 'boolean' ? { is: value } : { failed: 'It is neither true nor false.' };
  } catch (error) {
    return { failed: summaryOf(error) };
  }
}

function wholeMembers(members: object): Record<string, string | bigint> {
  const written: Record<string, string | bigint> = {};
  for (const [name, value] of Object.entries(members) as [string, unknown][]) {
    if (typeof value === 'number') written[name] = BigInt(value);
    else if (typeof value === 'string') written[name] = value;
  }
  return written;
}
const whole = ({ claim, member, year, provider }: RuleInput) => ({
  ...{ claim: wholeMembers(claim), member: wholeMembers(member) },
  ...{ year: wholeMembers(year), provider: wholeMembers(provider) },
});

/** CEL's errors carry words and a place; anything else is a fault of this code and goes on. */
function summaryOf(error: unknown): string {
  if (error instanceof Error && 'summary' in error && typeof error.summary === 'string') return error.summary;
  throw error;
}
function rangeOf(error: unknown): { start: number; end: number } | undefined {
  if (!(error instanceof Error) || !('range' in error)) return undefined;
  const { range } = error;
  const isRange = typeof range === 'object' && range !== null && 'start' in range && 'end' in range;
  return isRange && typeof range.start === 'number' && typeof range.end === 'number'
    ? { start: range.start, end: range.end }
    : undefined;
}

const isNode = (value: unknown): value is ASTNode => typeof value === 'object' && value !== null && 'op' in value;
function childrenOf({ args }: ASTNode): ASTNode[] {
  const nodes = (value: unknown): ASTNode[] =>
    Array.isArray(value) ? value.flatMap(nodes) : isNode(value) ? [value] : [];
  return nodes(args);
}

function firstForbidden(node: ASTNode, depth: number): { words: string; at: ASTNode } | undefined {
  const name = node.op === 'call' || node.op === 'rcall' ? node.args[0] : undefined;
  if (name !== undefined && !calls.has(name)) return { words: `A rule has no ${name}().`, at: node };
  if (node.op === 'map' || node.op === '.?' || node.op === '[?]') return { words: 'A rule has no maps.', at: node };
  const within = depth + (name !== undefined && macros.has(name) ? 1 : 0);
  if (within > deepestMacro) return { words: 'Items are gone through at most twice within each other.', at: node };
  for (const child of childrenOf(node)) {
    const found = firstForbidden(child, within);
    if (found !== undefined) return found;
  }
  return undefined;
}
