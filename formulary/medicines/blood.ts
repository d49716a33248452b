import { type Medicine, medicine } from '../product.ts';

/** ATC main group B: blood and blood-forming organs. */
export const blood: readonly Medicine[] = [
  medicine(
    'B01AA03',
    'warfarin',
    ['MP-12010', 'tablet', '1 mg', [28]],
    ['MP-12011', 'tablet', '3 mg', [28]],
    ['MP-12012', 'tablet', '5 mg', [28]],
  ),
  medicine(
    'B01AB05',
    'enoxaparin',
    ['MP-12020', 'pre-filled syringe', '4,000 units/0.4 mL', [10]],
    ['MP-12021', 'pre-filled syringe', '8,000 units/0.8 mL', [10]],
  ),
  medicine('B01AC04', 'clopidogrel', ['MP-12030', 'tablet', '75 mg', [28, 30]]),
  medicine(
    'B01AC06',
    'acetylsalicylic acid',
    ['MP-12040', 'tablet', '75 mg', [28, 100]],
    ['MP-12041', 'tablet', '300 mg', [32]],
  ),
  medicine('B01AC24', 'ticagrelor', ['MP-12050', 'tablet', '90 mg', [56]]),
  medicine(
    'B01AE07',
    'dabigatran etexilate',
    ['MP-12060', 'capsule', '110 mg', [60]],
    ['MP-12061', 'capsule', '150 mg', [60]],
  ),
  medicine('B01AF01', 'rivaroxaban', ['MP-12070', 'tablet', '15 mg', [28]], ['MP-12071', 'tablet', '20 mg', [28]]),
  medicine('B01AF02', 'apixaban', ['MP-12080', 'tablet', '2.5 mg', [60]], ['MP-12081', 'tablet', '5 mg', [56]]),
  medicine('B01AF03', 'edoxaban', ['MP-12090', 'tablet', '60 mg', [28]]),
  medicine('B02AA02', 'tranexamic acid', ['MP-12100', 'tablet', '500 mg', [60]]),
  medicine('B03AA07', 'ferrous sulfate', ['MP-12110', 'tablet', '200 mg', [28, 84]]),
  medicine('B03BA01', 'cyanocobalamin', ['MP-12120', 'tablet', '50 micrograms', [50]]),
  medicine('B03BA03', 'hydroxocobalamin', ['MP-12130', 'solution for injection', '1 mg/mL', [5]]),
  medicine(
    'B03BB01',
    'folic acid',
    ['MP-12140', 'tablet', '400 micrograms', [90]],
    ['MP-12141', 'tablet', '5 mg', [28]],
  ),
];
