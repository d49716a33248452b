import { type Medicine, medicine } from '../product.ts';

/** ATC main group H: systemic hormonal preparations. */
export const hormones: readonly Medicine[] = [
  medicine('H02AB02', 'dexamethasone', ['MP-22010', 'tablet', '2 mg', [50]]),
  medicine('H02AB04', 'methylprednisolone', ['MP-22020', 'tablet', '4 mg', [30]]),
  medicine('H02AB06', 'prednisolone', ['MP-22030', 'tablet', '1 mg', [28]], ['MP-22031', 'tablet', '5 mg', [28]]),
  medicine('H02AB09', 'hydrocortisone', ['MP-22040', 'tablet', '10 mg', [30]]),
  medicine(
    'H03AA01',
    'levothyroxine sodium',
    ['MP-22050', 'tablet', '25 micrograms', [28]],
    ['MP-22051', 'tablet', '50 micrograms', [28]],
    ['MP-22052', 'tablet', '100 micrograms', [28]],
  ),
  medicine('H03BB01', 'carbimazole', ['MP-22060', 'tablet', '5 mg', [100]]),
  medicine('H03BB02', 'thiamazole', ['MP-22070', 'tablet', '10 mg', [50]]),
];
