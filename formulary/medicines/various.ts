import { type Medicine, medicine } from '../product.ts';

/** ATC main group V: various. */
export const various: readonly Medicine[] = [
  medicine('V03AB15', 'naloxone', ['MP-48010', 'nasal spray', '1.8 mg/dose', [2]]),
  medicine('V03AE01', 'polystyrene sulfonate', ['MP-48020', 'powder for oral suspension', '15 g', [30]]),
  medicine('V03AF03', 'calcium folinate', ['MP-48030', 'tablet', '15 mg', [10, 30]]),
];
