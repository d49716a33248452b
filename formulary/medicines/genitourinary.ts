import { type Medicine, medicine } from '../product.ts';

/** ATC main group G: genito-urinary system and sex hormones. */
export const genitourinary: readonly Medicine[] = [
  medicine('G01AF02', 'clotrimazole', ['MP-20010', 'pessary', '500 mg', [1]]),
  medicine('G03AA07', 'levonorgestrel and ethinylestradiol', [
    'MP-20020',
    'tablet',
    '150 micrograms/30 micrograms',
    [21, 63],
  ]),
  medicine('G03AC09', 'desogestrel', ['MP-20030', 'tablet', '75 micrograms', [28, 84]]),
  medicine('G03AD01', 'levonorgestrel', ['MP-20040', 'tablet', '1.5 mg', [1]]),
  medicine(
    'G03CA03',
    'estradiol',
    ['MP-20050', 'transdermal patch', '50 micrograms/24 h', [8]],
    ['MP-20051', 'tablet', '2 mg', [28]],
  ),
  medicine('G03DA04', 'progesterone', ['MP-20060', 'capsule', '100 mg', [30]]),
  medicine('G04BD04', 'oxybutynin', ['MP-20070', 'tablet', '5 mg', [56]]),
  medicine('G04BD08', 'solifenacin', ['MP-20080', 'tablet', '5 mg', [30]]),
  medicine('G04BD12', 'mirabegron', ['MP-20090', 'prolonged-release tablet', '50 mg', [30]]),
  medicine('G04BE03', 'sildenafil', ['MP-20100', 'tablet', '50 mg', [4, 8]]),
  medicine('G04BE08', 'tadalafil', ['MP-20110', 'tablet', '5 mg', [28]], ['MP-20111', 'tablet', '20 mg', [4]]),
  medicine('G04CA02', 'tamsulosin', ['MP-20120', 'prolonged-release capsule', '400 micrograms', [30]]),
  medicine('G04CB01', 'finasteride', ['MP-20130', 'tablet', '5 mg', [28]]),
];
