import type { Locator } from '@playwright/test';

/** What a page must show, or show no more. */
export type Sign = string | { gone: string };

/**
 * Presses a button and answers after how many milliseconds each sign was there, one after the other, measured in the page: a
 * text, or that nothing matches a selector any more.
 */
export async function timesUntil(
  button: Locator,
  signs: readonly Sign[],
  { deadlineMs = 60_000 } = {},
): Promise<number[]> {
  return button.evaluate(
    (element, { wanted, deadline }) =>
      new Promise<number[]>((resolve, reject) => {
        const times: number[] = [];
        const started = performance.now();
        const isThere = (sign: string | { gone: string }) =>
          typeof sign === 'string'
            ? document.body.textContent?.includes(sign) === true
            : document.querySelector(sign.gone) === null;
        const look = () => {
          for (let next = wanted[times.length]; next !== undefined && isThere(next); next = wanted[times.length])
            times.push(performance.now() - started);
          if (times.length < wanted.length) return;
          observer.disconnect();
          resolve(times);
        };
        const observer = new MutationObserver(look);
        observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
        setTimeout(
          () => reject(new Error(`${JSON.stringify(wanted[times.length])} did not come within ${deadline} ms`)),
          deadline,
        );
        (element as HTMLElement).click();
      }),
    { wanted: [...signs], deadline: deadlineMs },
  );
}
