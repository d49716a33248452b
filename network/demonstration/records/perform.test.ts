import { expect, it } from 'vitest';
import { categories } from '#chaincode/model/category.ts';
import { AppError } from '#server/errors.ts';
import { openRecord } from './perform.ts';

type Opening = Parameters<typeof openRecord>[0];

/** A patient whose record is opened by what `first` does at the first transaction; `opened` is what the ledger shows. */
function patient(opened: Set<string>, first: () => void) {
  const asked: string[][] = [];
  const browser = {
    person: { actor: { subjectId: 'pt-1' } },
    openOwn: async () => ({ source: { views: [...opened].map((category) => ({ category, epochs: [{}] })) } }),
    escrow: async () => [],
    vault: {
      openRecord: async ({ categories: wanted }: { categories: string[] }) => {
        asked.push(wanted);
        return wanted;
      },
    },
    transact: async (wanted: string[]) => {
      if (asked.length === 1) first();
      for (const category of wanted) opened.add(category);
    },
  } as unknown as Opening;
  return { browser, asked };
}

const conflict = () => {
  throw new AppError('CONFLICT', 'saga 1 is recorded');
};

it('opens once what an interrupted start has signed, whose recording was seen only afterwards', async () => {
  const opened = new Set<string>();
  const { browser, asked } = patient(opened, () => {
    for (const category of categories) opened.add(category);
    conflict();
  });
  await openRecord(browser);
  expect(asked).toEqual([categories]);
});

it('opens the rest where only some was recorded', async () => {
  const opened = new Set<string>();
  const [some, ...rest] = categories;
  const { browser, asked } = patient(opened, () => {
    opened.add(some);
    conflict();
  });
  await openRecord(browser);
  expect(asked).toEqual([categories, rest]);
  expect([...opened]).toEqual([...categories]);
});

it('says what else prevents it', async () => {
  const { browser } = patient(new Set(), () => {
    throw new AppError('LEDGER_UNAVAILABLE', 'away');
  });
  await expect(openRecord(browser)).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
});
