import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { t } from '#messages/en.ts';
import type { ClaimPayouts } from '#server/claims/schema.ts';
import { PayoutsScreen } from './PayoutsScreen.tsx';

const claim = `clm-${'a'.repeat(26)}`;
const nothing: ClaimPayouts = {
  ...{ payees: [], payments: [], account: null, mismatches: [], moreMismatches: 0, paidIn: null, releases: null },
};
const account = {
  balance: 50_000,
  perDay: 100_000,
  spentToday: 20_000,
  releaseAbove: 30_000,
  treasurer: null,
  own: [],
  ...{ treasurerName: null, signer: null, wallets: [], hasAllWallets: true },
};
const paidIn = {
  settlement: `0x${'5'.repeat(40)}`,
  coin: `0x${'6'.repeat(40)}`,
  unit: '10000',
  currency: 'EUR',
} as const;
const payee = {
  ...{ provider: 'inst-harbour-pharmacy', name: 'Harbour Pharmacy', currency: 'EUR', claims: 3 },
  ...{ approved: 60_000, onItsWay: 1_000, oldest: '2027-03-01T10:00:00.000Z' },
};
const shown = (change: Partial<ClaimPayouts>) =>
  renderToStaticMarkup(<PayoutsScreen payouts={{ ...nothing, ...change }} insurer="inst-northern-mutual" />);

it('says that the chain does not answer, and that nothing is owed', () => {
  const said = shown({});
  expect(said).toContain(t.claimsPayouts.account.none);
  expect(said).toContain(t.claimsPayouts.owed.none);
  expect(said).toContain(t.claimsPayouts.work.none);
});

it('says by how much the account is too small for what is approved, and not for what is on its way', () => {
  expect(shown({ payees: [payee], account })).toContain('€100.00 too little');
  const enough = shown({ payees: [{ ...payee, approved: 50_000 }], account });
  expect(enough).toContain(t.claimsPayouts.account.covers);
  expect(enough).not.toContain('too little');
});

it('has each sum that is owed once, beside what it is', () => {
  const cells = [...shown({ payees: [payee] }).matchAll(/<td.*?<\/td>/g)].map(([cell]) => cell.replace(/<[^>]+>/g, ''));
  const { claims, approved, onItsWay, oldest } = t.claimsPayouts.owed;
  expect(cells.slice(0, 3)).toEqual([`${claims} 3`, `${approved} €600.00`, `${onItsWay} €10.00`]);
  expect(cells[3]).toContain(oldest);
});

it('adds up no two currencies', () => {
  const francs = { ...payee, provider: 'inst-hill-pharmacy', currency: 'CHF', approved: 40_000 };
  const said = shown({ payees: [{ ...payee, approved: 50_000 }, francs], account });
  expect(said).toContain(t.claimsPayouts.account.covers);
  expect(said).toContain('in other currencies: CHF');
  expect(said).toContain('400.00');
});

it('names what does not match, with what to do and the claim that it is of', () => {
  const mismatch = {
    ...{
      claim,
      name: 'Harbour Pharmacy',
      payer: 'insurer',
      share: 700,
      paid: 1_400,
      transactionHash: null,
      code: null,
    },
    ...{ what: 'PAID_TWICE' as const, state: 'anchored' as const, since: '2027-03-01T10:00:00.000Z' },
  };
  const stray = { ...mismatch, what: 'NO_CLAIM' as const, claim: null, state: null, name: null, share: null };
  const said = shown({ payees: [payee], mismatches: [mismatch, stray] });
  expect(said).toContain('€14.00 paid of €7.00 owed');
  expect(said).toContain(t.claimsPayouts.work.actions.PAID_TWICE);
  expect(said.split(`href="/insurer/claims/${claim}"`)).toHaveLength(2);
  expect(said).toContain(t.claimsPayouts.work.names.NO_CLAIM);
  expect(said).not.toContain('more');
  const long = shown({ payees: [payee], mismatches: [mismatch, stray], moreMismatches: 1_200 });
  expect(long).toContain(t.claimsPayouts.work.more('1,200'));
});

describe('the rules of the account', () => {
  const [treasurer, adjudicator] = [`0x${'a'.repeat(40)}`, `0x${'b'.repeat(40)}`];
  const wallets = [
    { address: adjudicator, name: null, isOwn: false, isAdjudicator: true, spends: true, releases: false },
    { address: treasurer, name: 'Astrid Moen', isOwn: false, isAdjudicator: false, spends: true, releases: true },
    {
      ...{ address: `0x${'c'.repeat(40)}`, name: null, isOwn: false, isAdjudicator: false },
      spends: false,
      releases: true,
    },
  ];
  const ruled = { ...account, treasurer, treasurerName: 'Astrid Moen', signer: adjudicator, wallets };
  const offered = ({ takeOut, changeLimits, changeSigner, rules }: typeof t.claimsPayouts) => [
    ...[takeOut.open, changeLimits.open, changeSigner.open, rules.change, rules.goOn].map(
      (words) => `>${words}</button>`,
    ),
    `>${rules.another}</label>`,
  ];

  it('are told to everybody, with names where they are known, and changed by nobody but the treasurer', () => {
    const own = [{ address: adjudicator, spends: true, releases: false }];
    const said = shown({ payees: [payee], account: { ...ruled, own }, paidIn, releases: [] });
    expect(said).toContain('€1,000.00 at most');
    expect(said).toContain('releases what is above €300.00');
    for (const { address } of wallets) expect(said).toContain(address);
    expect(said).toMatch(/Our adjudicator<\/span> · pays</);
    expect(said).toMatch(/Astrid Moen<\/span> · pays and releases</);
    expect(said).toMatch(/Linked by nobody of us<\/span> · releases</);
    expect(said).not.toContain('(you)');
    for (const button of offered(t.claimsPayouts)) expect(said).not.toContain(button);
  });

  it('are changed by whose wallet is the treasurer', () => {
    const own = [{ address: treasurer, spends: true, releases: true }];
    const yours = wallets.map((wallet) => ({ ...wallet, isOwn: wallet.address === treasurer }));
    const said = shown({ payees: [payee], account: { ...ruled, own, wallets: yours }, paidIn, releases: [] });
    for (const button of offered(t.claimsPayouts)) expect(said).toContain(button);
    expect(said.split('Astrid Moen (you)')).toHaveLength(4);
    const empty = shown({ account: { ...ruled, own, balance: 0 }, paidIn, releases: [] });
    expect(empty).not.toContain(`>${t.claimsPayouts.takeOut.open}</button>`);
  });

  it('say who signs quotes, and that they are refused where nobody does', () => {
    const { signer, noSigner, signerWords } = t.claimsPayouts.rules;
    const other = `0x${'d'.repeat(40)}`;
    const said = shown({ account: { ...ruled, signer: other }, paidIn, releases: [] });
    expect(said).toMatch(new RegExp(`${signer}</dt>.*${other}`));
    expect(said).toContain(signerWords);
    expect(said).not.toContain(noSigner);
    expect(shown({ account: { ...ruled, signer: null }, paidIn, releases: [] })).toContain(noSigner);
  });

  it('have words for limits that limit nothing, in the place of a number that nobody reads', () => {
    const most = { perDay: Number((2n ** 128n - 1n) / 10_000n), releaseAbove: Number((2n ** 96n - 1n) / 10_000n) };
    const said = shown({ account: { ...ruled, ...most }, paidIn, releases: [] });
    expect(said).toContain(t.claimsPayouts.rules.unlimited);
    expect(said).toContain(t.claimsPayouts.rules.noRelease);
    expect(said).toContain(t.claimsPayouts.account.leftToday('€200.00'));
    expect(said).not.toMatch(/€[\d,]{20}/);
  });

  it('say that there may be more wallets where the chain does not tell of all, and that none may where it does', () => {
    const some = shown({ account: { ...ruled, wallets: [], hasAllWallets: false }, paidIn, releases: [] });
    expect(some).toContain(t.claimsPayouts.rules.incomplete);
    expect(some).not.toContain(t.claimsPayouts.rules.nobodyMay);
    const none = shown({ account: { ...ruled, wallets: [] }, paidIn, releases: [] });
    expect(none).toContain(t.claimsPayouts.rules.nobodyMay);
    expect(none).not.toContain(t.claimsPayouts.rules.incomplete);
  });
});

describe('a payment that waits for a second person', () => {
  const [own, adjudicator] = [`0x${'a'.repeat(40)}`, `0x${'b'.repeat(40)}`];
  const release = {
    ...{ claim, reference: 'ab'.repeat(32), name: 'Hillcrest Clinic', currency: 'EUR', amount: 184_000 },
    ...{ since: '2027-03-01T10:00:00.000Z', proposed: { version: 2, spender: adjudicator } },
  };
  const mayRelease = { ...account, own: [{ address: own, spends: true, releases: true }] };
  const { action } = t.claimsPayouts.releases;
  const offers = (said: string) => said.split(`>${action}</button>`).length - 1;

  it('is released by whoever may, and not before it is proposed', () => {
    const said = shown({
      account: mayRelease,
      paidIn,
      releases: [release, { ...release, claim: 'x', proposed: null }],
    });
    expect(said).toContain('€1,840.00');
    expect(said).toContain(t.claimsPayouts.releases.notProposed);
    expect(offers(said)).toBe(1);
  });

  it('comes first, then what is owed, the account, the work list, the rules, and last what was paid', () => {
    const said = shown({ account, paidIn, releases: [release] });
    const heads = [...said.matchAll(/<h2 id="([a-z]+)"/g)].map(([, id]) => id);
    expect(heads).toEqual(['releases', 'owed', 'account', 'mismatches', 'rules', 'paid']);
  });

  it('is where the work list leads, which else offers to pay in what is missing', () => {
    const unpaid = {
      ...{ claim, name: 'Hillcrest Clinic', payer: 'insurer', share: 184_000, paid: 0, transactionHash: null },
      ...{ code: null, what: 'UNPAID' as const, state: 'approved' as const, since: '2027-03-01T10:00:00.000Z' },
    };
    const waiting = shown({ account, paidIn, releases: [release], mismatches: [unpaid] });
    const target = /<li id="([^"]+)" tabindex="-1"/.exec(waiting)?.[1];
    expect(target).toContain(claim);
    expect(waiting).toContain(`href="#${target}"`);
    expect(waiting).not.toContain(t.claimsPayouts.work.steps.payIn);
    const short = shown({ account, paidIn, releases: [], payees: [payee], mismatches: [unpaid] });
    expect(short).toContain(`${t.claimsPayouts.work.steps.payIn}</button>`);
    const covered = shown({ account, paidIn, releases: [], mismatches: [unpaid] });
    expect(covered).toContain(`href="/insurer/claims/${claim}#payments"`);
  });

  it('is released by nobody who proposed it, and says who lets a wallet release where none may', () => {
    const proposed = { version: 2, spender: own };
    const said = shown({ account: mayRelease, paidIn, releases: [{ ...release, proposed }] });
    expect(said).toContain(t.claimsPayouts.releases.own);
    expect(offers(said)).toBe(0);
    const mayNot = { ...account, own: [{ address: own, spends: true, releases: false }], treasurer: adjudicator };
    const refused = shown({ account: mayNot, paidIn, releases: [release] });
    expect(refused).toContain(t.claimsPayouts.rights.none.releases);
    expect(refused).toContain(adjudicator);
    expect(offers(refused)).toBe(0);
  });
});
