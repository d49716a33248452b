import { expect, type Page, test } from '@playwright/test';
import { openAs } from '../fixtures/people.ts';

/** Keys that a doctor may press besides the letters of the medicine. */
const mostPresses = 12;

/** Presses keys one by one, as a hand does, and counts them; a chord counts each of its keys. */
function keyboardOf(page: Page) {
  let presses = 0;
  return {
    presses: () => presses,
    async press(...keys: string[]): Promise<void> {
      for (const key of keys) {
        await page.keyboard.press(key);
        presses += key.split('+').length;
      }
    },
  };
}

/** What has the focus: named so, with an outline that can be seen. It is never lost to the page itself. */
async function expectFocusOn(page: Page, name: RegExp): Promise<void> {
  const focused = page.locator(':focus');
  await expect(focused).toHaveAccessibleName(name, { timeout: 60_000 });
  const outlined = await focused.evaluate((element) =>
    [element, element.closest('.control')].some((each) => {
      if (!each) return false;
      const { outlineStyle, outlineWidth } = getComputedStyle(each);
      return outlineStyle !== 'none' && outlineWidth !== '0px';
    }),
  );
  expect(outlined, `a visible outline around ${name}`).toBe(true);
}

test('a doctor prescribes for a known patient by a dozen keys, and goes on without a mouse', async ({ browser }) => {
  test.setTimeout(240_000);
  const { context, page } = await openAs(browser, 'doctor');
  await page.goto('/doctor/prescribe');
  await expectFocusOn(page, /^Name or identifier/);
  await expect(page.getByRole('button', { name: /^Unlock/ })).toHaveCount(0);

  const keys = keyboardOf(page);
  // The patient: letters of the name, and Enter, which waits for the answer.
  await keys.press('l', 'i', 'n', 'd', 'Enter');
  await expect(page.getByText(/^Jonas Lind$/)).toBeVisible({ timeout: 30_000 });
  await expectFocusOn(page, /^Medicine/);
  // The letters of the medicine count apart.
  await page.keyboard.type('amlo');
  await expect(page.getByRole('option').first()).toContainText('Amlodipine');
  await keys.press('Enter');
  await expectFocusOn(page, /^Amount/);
  await expect(page.getByLabel('For (days)')).toHaveValue('28');
  await expect(page.getByText('Quantity 28 tablets')).toBeVisible();
  await expect(page.getByRole('button', { name: /Sign prescription/ })).toBeEnabled({ timeout: 30_000 });
  await keys.press('Control+Enter');
  await expect(page.getByText('Signed and recorded').first()).toBeVisible({ timeout: 60_000 });
  expect(keys.presses()).toBeLessThanOrEqual(mostPresses);
  await expectFocusOn(page, /^Prescribe another/);

  await test.step('the next one with another dose: Enter goes from field to field, arrows choose', async () => {
    await page.keyboard.press('Enter');
    await expectFocusOn(page, /^Medicine/);
    await page.keyboard.type('parac');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await expectFocusOn(page, /^Amount/);
    await page.keyboard.type('1');
    await page.keyboard.press('Enter');
    await expectFocusOn(page, /^How often/);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await expectFocusOn(page, /^For \(days\)/);
    await page.keyboard.type('5');
    await expect(page.getByText('Quantity 15 tablets')).toBeVisible();
    while (!(await page.getByRole('button', { name: /Sign prescription/ }).evaluate((at) => at.matches(':focus'))))
      await page.keyboard.press('Enter');
    await expectFocusOn(page, /^Sign prescription/);
    await page.keyboard.press('Enter');
    await expectFocusOn(page, /^Prescribe another/);
  });
  await context.close();
});
