import { type Medicine, medicine } from '../product.ts';

/** ATC main group D: dermatologicals. */
export const dermatological: readonly Medicine[] = [
  medicine('D01AC01', 'clotrimazole', ['MP-18010', 'cream', '10 mg/g', [20, 50]]),
  medicine('D01AC02', 'miconazole', ['MP-18020', 'cream', '20 mg/g', [30]]),
  medicine('D01AE15', 'terbinafine', ['MP-18030', 'cream', '10 mg/g', [15]]),
  medicine('D01BA02', 'terbinafine', ['MP-18040', 'tablet', '250 mg', [14, 28]]),
  medicine('D05AX02', 'calcipotriol', ['MP-18050', 'ointment', '50 micrograms/g', [30, 60]]),
  medicine('D06AX01', 'fusidic acid', ['MP-18060', 'cream', '20 mg/g', [15, 30]]),
  medicine('D06AX09', 'mupirocin', ['MP-18070', 'ointment', '20 mg/g', [15]]),
  medicine('D06BB03', 'aciclovir', ['MP-18080', 'cream', '50 mg/g', [2, 10]]),
  medicine('D07AA02', 'hydrocortisone', ['MP-18090', 'cream', '10 mg/g', [15, 30]]),
  medicine(
    'D07AC01',
    'betamethasone',
    ['MP-18100', 'cream', '1 mg/g', [30, 100]],
    ['MP-18101', 'ointment', '1 mg/g', [30]],
  ),
  medicine('D07AC13', 'mometasone', ['MP-18110', 'ointment', '1 mg/g', [30, 100]]),
  medicine('D07AD01', 'clobetasol', ['MP-18120', 'cream', '0.5 mg/g', [30]]),
  medicine('D10AD03', 'adapalene', ['MP-18130', 'gel', '1 mg/g', [45]]),
  medicine('D10AE01', 'benzoyl peroxide', ['MP-18140', 'gel', '50 mg/g', [50]]),
  medicine('D10BA01', 'isotretinoin', ['MP-18150', 'capsule', '20 mg', [30]]),
  medicine('D11AH01', 'tacrolimus', ['MP-18160', 'ointment', '1 mg/g', [30, 60]]),
];
