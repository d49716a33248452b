import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { openAs, type Person } from '../fixtures/people.ts';

const firstScreens: [Person, string[]][] = [
  [
    'doctor',
    [
      '/doctor',
      '/doctor/patients',
      '/doctor/monitoring',
      '/doctor/prescribe',
      '/doctor/prescriptions',
      '/doctor/billing',
    ],
  ],
  [
    'patient',
    [
      '/patient',
      '/patient/record',
      '/patient/readings',
      '/patient/sharing',
      '/patient/log',
      '/patient/insurance',
      '/patient/history',
    ],
  ],
  [
    'pharmacist',
    [
      ...[
        '/pharmacy',
        '/pharmacy/held',
        '/pharmacy/claims',
        '/pharmacy/deliveries',
        '/pharmacy/verify',
        '/pharmacy/stock',
      ],
      ...[
        '/pharmacy/stock/change',
        '/pharmacy/stock/undo',
        '/pharmacy/returns',
        '/pharmacy/recalls',
        '/pharmacy/files',
      ],
    ],
  ],
  [
    'regulator',
    [
      '/regulator',
      '/regulator/alerts',
      '/regulator/trace',
      '/regulator/recalls',
      '/regulator/activity',
      '/regulator/institutions',
      '/regulator/emergencies',
      '/regulator/formulary',
      '/regulator/controlled',
      '/regulator/fund',
      '/regulator/adverse-events',
      '/regulator/ledgers',
    ],
  ],
  [
    'insurer',
    [
      '/insurer',
      '/insurer/policies',
      '/insurer/plans',
      '/insurer/plans?edit=new',
      '/insurer/payouts',
      '/insurer/figures',
    ],
  ],
  // What only a treasurer is shown.
  ['payer', ['/insurer/payouts']],
  [
    'supplier',
    [
      ...['/supply', '/supply/products', '/supply/batches', '/supply/pack', '/supply/ship', '/supply/receive'],
      ...[
        '/supply/stock',
        '/supply/stock/change',
        '/supply/stock/undo',
        '/supply/returns',
        '/supply/recalls',
        '/supply/verify',
      ],
    ],
  ],
  [
    'admin',
    [
      '/admin',
      '/admin/patients',
      '/admin/devices',
      '/admin/delegations',
      '/admin/places',
      '/admin/emergencies',
      '/admin/institution',
      '/admin/ledgers',
    ],
  ],
];

const everything = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'];

async function seriousFaults(page: Page, colours: 'light' | 'dark' = 'light') {
  const axe = new AxeBuilder({ page });
  // The other colours are all that differs.
  const { violations } = await (colours === 'light'
    ? axe.withTags(everything)
    : axe.withRules('color-contrast')
  ).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}

for (const [person, paths] of firstScreens)
  test(`the ${person}'s screens have no serious accessibility fault, light and dark, and fit a phone`, async ({
    browser,
  }) => {
    const { page, context } = await openAs(browser, person);
    for (const path of paths) {
      await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
      await page.goto(path);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      expect(await seriousFaults(page), `${path} light`).toEqual([]);
      await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
      expect(await seriousFaults(page, 'dark'), `${path} dark`).toEqual([]);
      await page.setViewportSize({ width: 390, height: 844 });
      const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      await expect.poll(overflow, { message: `${path} at 390 px` }).toBeLessThanOrEqual(0);
      await page.setViewportSize({ width: 1280, height: 720 });
    }
    await context.close();
  });

test('the public pages too', async ({ page }) => {
  for (const path of ['/', '/sign-in', '/enrol', '/recover', '/new-keys', '/join', '/rx', '/fund']) {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    expect(await seriousFaults(page), path).toEqual([]);
  }
});
