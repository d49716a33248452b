import { type Medicine, medicine } from '../product.ts';

/** ATC main group M: musculo-skeletal system. */
export const musculoskeletal: readonly Medicine[] = [
  medicine('M01AB05', 'diclofenac', ['MP-30010', 'gastro-resistant tablet', '50 mg', [28, 84]]),
  medicine('M01AC06', 'meloxicam', ['MP-30020', 'tablet', '15 mg', [30]]),
  medicine(
    'M01AE01',
    'ibuprofen',
    ['MP-30030', 'tablet', '200 mg', [24, 84]],
    ['MP-30031', 'tablet', '400 mg', [24, 84]],
    ['MP-30032', 'oral suspension', '100 mg/5 mL', [100, 200]],
  ),
  medicine('M01AE02', 'naproxen', ['MP-30040', 'tablet', '250 mg', [28]], ['MP-30041', 'tablet', '500 mg', [28]]),
  medicine('M01AH01', 'celecoxib', ['MP-30050', 'capsule', '200 mg', [30]]),
  medicine('M01AH05', 'etoricoxib', ['MP-30060', 'tablet', '60 mg', [28]]),
  medicine('M02AA15', 'diclofenac', ['MP-30070', 'gel', '10 mg/g', [50, 100]]),
  medicine('M03BX01', 'baclofen', ['MP-30080', 'tablet', '10 mg', [84]]),
  medicine('M03BX02', 'tizanidine', ['MP-30090', 'tablet', '2 mg', [120]]),
  medicine('M04AA01', 'allopurinol', ['MP-30100', 'tablet', '100 mg', [28]], ['MP-30101', 'tablet', '300 mg', [28]]),
  medicine('M04AA03', 'febuxostat', ['MP-30110', 'tablet', '80 mg', [28]]),
  medicine('M04AC01', 'colchicine', ['MP-30120', 'tablet', '500 micrograms', [28, 100]]),
  medicine('M05BA04', 'alendronic acid', ['MP-30130', 'tablet', '70 mg', [4, 12]]),
  medicine('M05BA07', 'risedronic acid', ['MP-30140', 'tablet', '35 mg', [4]]),
  medicine('M05BX04', 'denosumab', ['MP-30150', 'pre-filled syringe', '60 mg/mL', [1]]),
];
