import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { t } from '#messages/en.ts';
import type { AssistanceRequest, FundState, RuleSetting } from '#server/fund/schema.ts';
import { FundReportScreen } from './FundReportScreen.tsx';
import { FundRulesPanel } from './FundRulesPanel.tsx';
import { RequestLine } from './RequestLine.tsx';

const text = t.fund;
const fund: FundState = {
  ...{ coin: 'USDX', perGrant: 10_000, perBeneficiary: 50_000, perPeriod: 5_000_000, periodDays: 30 },
  ...{ grantLifeDays: 60, budgetLeft: 4_998_000, given: 150_000, granted: 0, paid: 2_000, left: 148_000 },
};
const request: AssistanceRequest = {
  ...{ id: 'r', state: 'asked', ground: 'income', category: 'medicine', provider: 'River Pharmacy', currency: 'EUR' },
  ...{ left: 12_000, own: 43_000, amount: null, reason: null, transactionHash: null, decidedAt: null },
  askedAt: '2026-11-27T10:00:00Z',
};
const line = (change: Partial<AssistanceRequest>, of: FundState | null = fund) =>
  renderToStaticMarkup(
    <RequestLine request={{ ...request, ...change }} fund={of} grant={async () => {}} onRefuse={() => {}} />,
  );

it('donors see sums, rules, periods and addresses, or that the chain is away', () => {
  const address = `0x${'Ab'.repeat(20)}`;
  const page = renderToStaticMarkup(
    <FundReportScreen
      report={{
        chainId: 31_337,
        ...{ address: `0x${'11'.repeat(20)}`, coinAddress: `0x${'22'.repeat(20)}`, unit: '10000', fund },
        periods: [
          { from: '2026-11-05T00:00:00Z', until: '2026-12-05T00:00:00Z', given: 150_000, granted: 2_500, paid: 2_000 },
        ],
        donors: [{ address, gifts: 2, amount: 150_000, last: '2026-11-27T10:00:00Z' }],
      }}
    />,
  );
  for (const shown of [address, '1,500.00 USDX', '1,480.00 USDX', '25.00 USDX', '20.00 USDX', '500.00 USDX'])
    expect(page).toContain(shown);
  expect(page).toContain(text.give.title);
  expect(page).toContain('>31337<');
  expect(renderToStaticMarkup(<FundReportScreen report={null} />)).toContain(text.report.away);
});

it('an officer is offered what the rules leave of a request, and nothing where they leave nothing', () => {
  const offered = line({});
  // 70.00 are left of the person's 500.00.
  expect(offered).toContain(text.desk.most('€70.00'));
  expect(offered).toContain(text.desk.refuse);
  expect(line({ own: 50_000 })).toContain(text.desk.nothing);
  expect(line({ own: 50_000 })).not.toContain('Grant and pay');
  expect(line({ own: null }, null)).not.toContain('Grant and pay');
});

it('what is granted and not paid can be gone on with, and what is decided is told', () => {
  expect(line({ state: 'granted', amount: 7_000 })).toContain(text.desk.again);
  const paid = line({ state: 'paid', amount: 7_000, transactionHash: '0xabc' });
  expect(paid).toContain('0xabc');
  for (const decided of [paid, line({ state: 'refused', reason: 'no need' })]) {
    expect(decided).not.toContain('Grant and pay');
    expect(decided).not.toContain(text.desk.again);
  }
  expect(line({ state: 'refused', reason: 'no need' })).toContain('no need');
});

it('the rules stand once, with whose wallets set them, and are changed by who has one', () => {
  const setter = { address: `0x${'Cd'.repeat(20)}`, name: 'Ingrid Kallio', isOwn: false } as const;
  const nobody = { address: `0x${'Ef'.repeat(20)}`, name: null, isOwn: false } as const;
  const rules = {
    ...{ perGrant: '100000000', perBeneficiary: '500000000', perPeriod: '50000000000' },
    ...{ period: 30 * 86_400, grantLife: 60 * 86_400 },
  };
  const setting: RuleSetting = { fund: `0x${'11'.repeat(20)}`, unit: '10000', rules, setters: [setter, nobody] };
  const panel = (of: RuleSetting | null) =>
    renderToStaticMarkup(<FundRulesPanel fund={fund} setting={of} onChange={() => {}} />);
  const others = panel(setting);
  for (const shown of ['100.00 USDX', '500.00 USDX', '30 days', '60 days', setter.address, nobody.address])
    expect(others.split(`>${shown}<`)).toHaveLength(2);
  expect(others).toContain(text.desk.rules.other('Ingrid Kallio'));
  expect(others).toContain(text.desk.rules.unnamed);
  expect(others).not.toContain(text.desk.rules.change);
  const own = panel({ ...setting, setters: [{ ...setter, isOwn: true }, nobody] });
  expect(own).toContain(text.desk.rules.change);
  expect(own).toContain(text.desk.rules.own);
  const unknown = panel(null);
  expect(unknown).toContain(text.desk.rules.unknown);
  expect(unknown).not.toContain(text.desk.rules.change);
});
