import type { Interchange } from './interchange.ts';
import { hasNarrowRange } from './narrowRange.ts';
import type { Product } from './product.ts';

/**
 * Whether a product may be handed out in the place of another. The rules are those that national services share: the same
 * active substance (WHO ATC, fifth level), form, strength and route, and a prescriber who has not excluded it (in Germany
 * SGB V § 129 and “aut idem”, in the NHS generic prescribing), and no substance of narrow range (`narrowRange.ts`). A formulary that keeps groups of generics may narrow it further.
 */
export type Compared = Pick<Product, 'code' | 'atc' | 'form' | 'strength' | 'route'>;

/** Why a product is not handed out for another, the first that applies in this order. */
export const substitutionFaults = [
  ...([
    'substance',
    'form',
    'strength',
    'route',
    'narrowRange',
    'excluded',
    'notInterchangeable',
    'notCovered',
  ] as const),
] as const;
export type SubstitutionFault = (typeof substitutionFaults)[number];

/** Why a substitute is handed out: in clear on the ledger, without the product. */
export const substitutionReasons = ['generic', 'shortage', 'patient', 'clinical'] as const;
export type SubstitutionReason = (typeof substitutionReasons)[number];

export type Substitution =
  | { kind: 'prescribed' }
  | { kind: 'substitute' }
  | { kind: 'refused'; why: SubstitutionFault };

const microgramsIn: Readonly<Record<string, number>> = { micrograms: 1, mg: 1_000, g: 1_000_000 };

/**
 * A strength in one way of writing: “1 g” and “1,000 mg” are the same, and so are “0.5 mg/mL” and “500 micrograms/mL”. What it
 * is dissolved in stays as it stands: “100 mg/5 mL” and “200 mg/10 mL” are measured by other spoons.
 */
export function strengthKey(strength: string): string {
  const [, amount = '', unit = '', rest = ''] = /^([\d.,]+)\s*(micrograms|mg|g)(?![a-z])(.*)$/.exec(strength) ?? [];
  const factor = microgramsIn[unit];
  if (factor === undefined) return strength;
  return `${Number((Number(amount.replaceAll(',', '')) * factor).toPrecision(12))} micrograms${rest}`;
}

/**
 * What `given` is to `prescribed`. `allowed`: the prescriber has not excluded a substitute. `interchangeable` and `covered`: what
 * the formulary's lists say of two product codes (`interchange.ts`); without them nothing narrows the rules.
 */
export function substitutionOf(
  prescribed: Compared,
  given: Compared,
  {
    allowed,
    interchangeable = () => true,
    covered = () => true,
  }: { allowed: boolean } & { [Rule in keyof Interchange]?: Interchange[Rule] | undefined },
): Substitution {
  if (prescribed.code === given.code) return { kind: 'prescribed' };
  const refused = (why: SubstitutionFault): Substitution => ({ kind: 'refused', why });
  if (prescribed.atc !== given.atc) return refused('substance');
  if (prescribed.form !== given.form) return refused('form');
  if (strengthKey(prescribed.strength) !== strengthKey(given.strength)) return refused('strength');
  if (prescribed.route !== given.route) return refused('route');
  if (hasNarrowRange(prescribed)) return refused('narrowRange');
  if (!allowed) return refused('excluded');
  if (!interchangeable(prescribed.code, given.code)) return refused('notInterchangeable');
  if (!covered(prescribed.code, given.code)) return refused('notCovered');
  return { kind: 'substitute' };
}
