import type { Coverage } from './coverage.ts';

/** What the formulary's lists say of handing out one product for another; they narrow the rules of substitution and widen nothing. */
export interface Interchange {
  /** Whether both are of the same generic groups, those of all and those of the institution. */
  interchangeable: (prescribed: string, given: string) => boolean;
  /** False where the given product is excluded (`notCovered`) and the prescribed one is not. */
  covered: (prescribed: string, given: string) => boolean;
}

export type Said = Pick<Coverage, 'tier' | 'group' | 'ownGroup'>;

/** `saidOf`: what is said of a product by its code; undefined where nothing is. */
export function interchangeBy(saidOf: (code: string) => Said | undefined): Interchange {
  return {
    interchangeable: (prescribed, given) => {
      const [one, other] = [saidOf(prescribed), saidOf(given)];
      return one?.group === other?.group && one?.ownGroup === other?.ownGroup;
    },
    covered: (prescribed, given) => saidOf(given)?.tier !== 'notCovered' || saidOf(prescribed)?.tier === 'notCovered',
  };
}
