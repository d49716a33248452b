import { type Medicine, medicine } from '../product.ts';

/** ATC main group L: antineoplastic and immunomodulating agents. */
export const immunity: readonly Medicine[] = [
  medicine('L01BA01', 'methotrexate', ['MP-28010', 'tablet', '2.5 mg', [24]], ['MP-28011', 'tablet', '10 mg', [100]]),
  medicine('L01XX05', 'hydroxycarbamide', ['MP-28020', 'capsule', '500 mg', [100]]),
  medicine('L02BA01', 'tamoxifen', ['MP-28030', 'tablet', '20 mg', [30]]),
  medicine('L02BB03', 'bicalutamide', ['MP-28040', 'tablet', '50 mg', [28]]),
  medicine('L02BG03', 'anastrozole', ['MP-28050', 'tablet', '1 mg', [28]]),
  medicine('L02BG04', 'letrozole', ['MP-28060', 'tablet', '2.5 mg', [28]]),
  medicine('L04AA06', 'mycophenolic acid', ['MP-28070', 'tablet', '500 mg', [50]]),
  medicine('L04AB04', 'adalimumab', ['MP-28080', 'pre-filled syringe', '40 mg/0.4 mL', [2]]),
  medicine('L04AD01', 'ciclosporin', ['MP-28090', 'capsule', '50 mg', [30]]),
  medicine('L04AD02', 'tacrolimus', ['MP-28100', 'capsule', '1 mg', [50, 100]]),
  medicine('L04AX01', 'azathioprine', ['MP-28110', 'tablet', '50 mg', [56]]),
];
