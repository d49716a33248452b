import { controlledMedicine, type Medicine, medicine } from '../product.ts';

/** ATC main group R: respiratory system. */
export const respiratory: readonly Medicine[] = [
  medicine('R01AA07', 'xylometazoline', ['MP-40010', 'nasal spray', '1 mg/mL', [90]]),
  medicine('R01AD05', 'budesonide', ['MP-40020', 'nasal spray', '64 micrograms/dose', [120]]),
  medicine('R01AD08', 'fluticasone', ['MP-40030', 'nasal spray', '50 micrograms/dose', [120]]),
  medicine('R01AD09', 'mometasone', ['MP-40040', 'nasal spray', '50 micrograms/dose', [140]]),
  medicine(
    'R03AC02',
    'salbutamol',
    ['MP-40050', 'pressurised inhaler', '100 micrograms/dose', [200]],
    ['MP-40051', 'nebuliser solution', '2.5 mg/2.5 mL', [50]],
  ),
  medicine('R03AC12', 'salmeterol', ['MP-40060', 'pressurised inhaler', '25 micrograms/dose', [120]]),
  medicine('R03AC13', 'formoterol', ['MP-40070', 'inhalation powder', '12 micrograms/dose', [60]]),
  medicine('R03AK06', 'salmeterol and fluticasone', [
    'MP-40080',
    'inhalation powder',
    '50 micrograms/250 micrograms',
    [60],
  ]),
  medicine('R03AK07', 'formoterol and budesonide', [
    'MP-40090',
    'inhalation powder',
    '6 micrograms/200 micrograms',
    [120],
  ]),
  medicine('R03BA01', 'beclometasone', ['MP-40100', 'pressurised inhaler', '100 micrograms/dose', [200]]),
  medicine('R03BA02', 'budesonide', ['MP-40110', 'inhalation powder', '200 micrograms/dose', [100]]),
  medicine('R03BB01', 'ipratropium bromide', ['MP-40120', 'pressurised inhaler', '20 micrograms/dose', [200]]),
  medicine('R03BB04', 'tiotropium bromide', ['MP-40130', 'inhalation powder', '18 micrograms/dose', [30]]),
  medicine('R03DA04', 'theophylline', ['MP-40140', 'prolonged-release tablet', '200 mg', [56]]),
  medicine(
    'R03DC03',
    'montelukast',
    ['MP-40150', 'tablet', '10 mg', [28]],
    ['MP-40151', 'chewable tablet', '4 mg', [28]],
  ),
  medicine('R05CB01', 'acetylcysteine', ['MP-40160', 'effervescent tablet', '600 mg', [10, 30]]),
  medicine('R05CB06', 'ambroxol', ['MP-40170', 'oral solution', '15 mg/5 mL', [100]]),
  controlledMedicine(
    'R05DA04',
    'codeine',
    ['MP-40180', 'tablet', '15 mg', [28]],
    ['MP-40181', 'tablet', '30 mg', [28]],
  ),
  medicine('R06AD02', 'promethazine', ['MP-40190', 'tablet', '25 mg', [56]]),
  medicine(
    'R06AE07',
    'cetirizine',
    ['MP-40200', 'tablet', '10 mg', [30]],
    ['MP-40201', 'oral solution', '5 mg/5 mL', [100]],
  ),
  medicine('R06AX13', 'loratadine', ['MP-40210', 'tablet', '10 mg', [30]]),
  medicine('R06AX26', 'fexofenadine', ['MP-40220', 'tablet', '120 mg', [30]], ['MP-40221', 'tablet', '180 mg', [30]]),
  medicine('R06AX27', 'desloratadine', ['MP-40230', 'tablet', '5 mg', [30]]),
];
